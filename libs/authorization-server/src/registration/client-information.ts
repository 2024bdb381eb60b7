import type { ClientMetadata } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import type { ClientRecord } from '../storage/client-store.js';

/** What the client is told once, since only hashes of it are kept. */
export interface ToldCredentials {
  readonly registrationToken: string;
  /** Where a secret was made just now. */
  readonly secret: string | undefined;
}

/** The answer to a registration, and to whoever reads or replaces it. RFC 7591 §3.2.1, RFC 7592 §3. */
export function clientInformation(
  context: Pick<ServerContext, 'urlOf'>,
  { id, createdAt, metadata, secrets }: ClientRecord,
  { registrationToken, secret }: ToldCredentials,
): object {
  return {
    client_id: id,
    client_id_issued_at: createdAt,
    ...(secret !== undefined && { client_secret: secret }),
    ...(secrets.length > 0 && { client_secret_expires_at: 0 }),
    registration_access_token: registrationToken,
    registration_client_uri: `${context.urlOf(managementPath)}?client_id=${encodeURIComponent(id)}`,
    ...registeredMetadata(metadata),
  };
}

/** Below the issuer. */
export const managementPath = '/register/client';

function registeredMetadata({ extensions, ...metadata }: ClientMetadata): object {
  return { ...extensions, ...metadata };
}
