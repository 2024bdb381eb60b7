import { accept, refuse, type JsonObject, type Rejection, type Result } from '@keybound/core';
import { usesSecret } from '../client/client-secret-methods.js';
import { jsonAnswer } from '../endpoint/answers.js';
import type { ClientMetadata } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { ClientRecord } from '../storage/client-store.js';
import { acceptMetadata } from './accept-metadata.js';
import { clientInformation } from './client-information.js';
import { countAttempt } from './count-attempt.js';
import { registeredRecord } from './registered-record.js';
import { reject } from './rejections.js';
import type { RegistrationConfiguration } from './registration-configuration.js';
import { sameHash } from './same-hash.js';

const forbidden = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];
const maxAttempts = 3;

/**
 * Replaces a registration as a whole: what is left out is gone, or has its default. RFC 7592 §2.2,
 * OIDC-26.
 *
 * @throws StoreUnavailableError
 */
export async function replaceRegistration(
  context: ServerContext,
  configuration: RegistrationConfiguration,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const { json = {} } = request;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const held = await registeredRecord(context, request);
    if (!held.ok) return held;
    const { record, registrationToken } = held.value;
    if (attempt === 0) {
      const counted = await countAttempt(context, configuration, request, `client:${record.id}`);
      if (!counted.ok) return counted;
    }
    const own = await checkOwnMembers(json, record);
    if (!own.ok) return own;
    const metadata = await acceptMetadata(context, json);
    if (!metadata.ok) return metadata;
    const { replaced, secret } = await replacementOf(record, metadata.value);
    if (await context.stores.clients.replace(replaced)) {
      context.audit.record({ kind: 'done', code: 'client.replaced', clientId: record.id });
      const told = { registrationToken, secret };
      return accept(jsonAnswer(200, clientInformation(context, replaced, told)));
    }
  }
  const { failure } = reject('registration.busy', 'AS-220');
  return refuse({ ...failure, fields: [['retry-after', '1']] });
}

/** A client may repeat what it was given and choose none of it. */
async function checkOwnMembers(
  json: JsonObject,
  record: ClientRecord,
): Promise<Result<undefined, Rejection>> {
  const chosen = forbidden.find((member) => Object.hasOwn(json, member));
  if (chosen !== undefined) {
    return reject('registration.forbidden_member', 'OIDC-26', { actual: chosen });
  }
  if (json['client_id'] !== record.id) {
    return reject('registration.metadata', 'OIDC-26', { expected: record.id, actual: 'client_id' });
  }
  const secret = json['client_secret'];
  if (secret === undefined || secret === null) return accept(undefined);
  const hash = typeof secret === 'string' ? await hashOf(secret) : '';
  return record.secrets.some((kept) => sameHash(kept.hash, hash))
    ? accept(undefined)
    : reject('registration.metadata', 'OIDC-26', { actual: 'client_secret' });
}

/** Its secret stays, unless it needs one now and had none, or needs it no more. */
async function replacementOf(
  record: ClientRecord,
  metadata: ClientMetadata,
): Promise<{ readonly replaced: ClientRecord; readonly secret: string | undefined }> {
  const version = record.version + 1;
  if (!usesSecret(metadata)) {
    return { replaced: { ...record, version, metadata, secrets: [] }, secret: undefined };
  }
  if (record.secrets.length > 0) {
    return { replaced: { ...record, version, metadata }, secret: undefined };
  }
  const secret = freshSecret('secret');
  const secrets = [{ hash: await hashOf(secret), expiresAt: undefined }];
  return { replaced: { ...record, version, metadata, secrets }, secret };
}
