import { accept, type Rejection, type Result } from '@keybound/core';
import { emptyAnswer, jsonAnswer } from '../endpoint/answers.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { clientInformation } from './client-information.js';
import { registeredRecord } from './registered-record.js';
import { reject } from './rejections.js';
import type { RegistrationConfiguration } from './registration-configuration.js';
import { replaceRegistration } from './replace-registration.js';

/** Reads, replaces or deletes a registration. RFC 7592 §2, AS-220. */
export async function manageClient(
  context: ServerContext,
  configuration: RegistrationConfiguration,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  switch (request.view.method) {
    case 'PUT':
      return replaceRegistration(context, configuration, request);
    case 'DELETE':
      return deleteRegistration(context, request);
    default:
      return readRegistration(context, request);
  }
}

/** A secret is not among what it says: only its hash is known (AS-82). */
async function readRegistration(
  context: ServerContext,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const held = await registeredRecord(context, request);
  if (!held.ok) return held;
  const { record, registrationToken } = held.value;
  const told = { registrationToken, secret: undefined };
  return accept(jsonAnswer(200, clientInformation(context, record, told)));
}

/**
 * OIDC-27. Grants are revoked before and after: before, so that a fault in between leaves a client that
 * can try again; after, for what was granted meanwhile. Where a fault comes between the client's end and
 * that, such a grant has no client any more who could redeem or refresh, and its access tokens expire.
 */
async function deleteRegistration(
  context: ServerContext,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const held = await registeredRecord(context, request);
  if (!held.ok) return held;
  const { id } = held.value.record;
  const { clients, grants } = context.stores;
  await grants.revokeGrantsOfClient(id, request.now);
  if (!(await clients.remove(id))) return reject('registration.token', 'OIDC-25');
  await grants.revokeGrantsOfClient(id, request.now);
  context.audit.record({ kind: 'done', code: 'client.deleted', clientId: id });
  return accept(emptyAnswer(204));
}
