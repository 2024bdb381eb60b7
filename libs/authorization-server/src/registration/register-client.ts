import {
  accept,
  seconds,
  StoreUnavailableError,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import { usesSecret } from '../client/client-secret-methods.js';
import { jsonAnswer } from '../endpoint/answers.js';
import type { ClientMetadata } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { freshName, freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { ClientRecord } from '../storage/client-store.js';
import { acceptMetadata } from './accept-metadata.js';
import { checkAccess, type RegistrationAccess } from './check-access.js';
import { clientInformation } from './client-information.js';
import type { RegistrationConfiguration } from './registration-configuration.js';

/** Registers a client. RFC 7591 §3, OpenID Connect Registration §3. */
export async function registerClient(
  context: ServerContext,
  configuration: RegistrationConfiguration,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const access = await checkAccess(context, configuration, request);
  if (!access.ok) return access;
  const metadata = await acceptMetadata(context, request.json ?? {});
  if (!metadata.ok) return metadata;

  const registrationToken = freshSecret('reg');
  const secret = usesSecret(metadata.value) ? freshSecret('secret') : undefined;
  const record = {
    ...newRecord(metadata.value, access.value, configuration, request.now),
    secrets: secret === undefined ? [] : [{ hash: await hashOf(secret), expiresAt: undefined }],
    registrationTokenHash: await hashOf(registrationToken),
  };
  if (!(await context.stores.clients.add(record))) {
    throw new StoreUnavailableError('A fresh client identifier is said to be taken.');
  }
  context.audit.record({ kind: 'done', code: 'client.registered', clientId: record.id });
  return accept(jsonAnswer(201, clientInformation(context, record, { registrationToken, secret })));
}

/** AS-124, AS-226, THR-87: the identifier is ours, `client_…`, and neither a URL nor a user's. */
function newRecord(
  metadata: ClientMetadata,
  access: RegistrationAccess,
  { unusedLifetimeSeconds }: RegistrationConfiguration,
  now: Seconds,
): Omit<ClientRecord, 'secrets' | 'registrationTokenHash'> {
  const open = access === 'open';
  return {
    id: freshName('client'),
    version: 1,
    metadata,
    standing: open ? 'unverified' : 'verified',
    createdAt: now,
    unusedExpiresAt: open ? seconds(now + unusedLifetimeSeconds) : undefined,
  };
}
