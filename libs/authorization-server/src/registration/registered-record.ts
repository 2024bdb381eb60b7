import { accept, type Rejection, type Result } from '@keybound/core';
import type { EndpointRequest } from '../extension/endpoint.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { ClientRecord } from '../storage/client-store.js';
import { bearerToken } from './bearer-token.js';
import { reject } from './rejections.js';
import { sameHash } from './same-hash.js';

/** A registration, and the token that may change it. */
export interface HeldRegistration {
  readonly record: ClientRecord;
  readonly registrationToken: string;
}

const maxIdLength = 256;
const hashOfNobody = 'A'.repeat(43);

/**
 * The registration whose token a request bears. RFC 7592 §2. A client that is gone is answered like a
 * wrong token: 401, never 404 (OIDC-25).
 *
 * @throws StoreUnavailableError
 */
export async function registeredRecord(
  { stores }: ServerContext,
  { view, query, now }: EndpointRequest,
): Promise<Result<HeldRegistration, Rejection>> {
  const registrationToken = bearerToken(view);
  const clientId = query.one('client_id');
  const unusable = clientId === undefined || clientId.length > maxIdLength;
  if (registrationToken === undefined || unusable || query.repeated.has('client_id')) {
    return reject('registration.token', 'OIDC-25');
  }
  const record = await stores.clients.find(clientId, now);
  const hash = await hashOf(registrationToken);
  const right = sameHash(record?.registrationTokenHash ?? hashOfNobody, hash);
  return record !== undefined && right
    ? accept({ record, registrationToken })
    : reject('registration.token', 'OIDC-25');
}
