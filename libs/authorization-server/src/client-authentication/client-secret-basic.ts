import { accept } from '@keybound/core';
import type { ClientAuthenticationMethod } from '../extension/client-authentication.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import { isBasic, parseBasicCredentials, type BasicCredentials } from './basic-credentials.js';
import { checkClientSecret, maxSecretLength } from './check-client-secret.js';
import { reject } from './rejections.js';

const name = 'client_secret_basic';

/** A shared secret in the `Authorization` field. RFC 6749 §2.3.1. */
export function clientSecretBasic(): ClientAuthenticationMethod {
  /** What was taken apart to know who it is, so that it is not taken apart again. */
  const parsed = new WeakMap<EndpointRequest, BasicCredentials>();
  return {
    name,
    detect: (request) => {
      const fields = request.view.headerValues('authorization');
      const [field, ...others] = fields;
      if (field === undefined || !fields.some(isBasic)) return undefined;
      if (others.length > 0) return reject('client_authentication.repeated', 'THR-41');
      const credentials = parseBasicCredentials(field);
      if (credentials === undefined || credentials.secret.length > maxSecretLength) {
        return reject('client_secret.format', 'AS-82');
      }
      parsed.set(request, credentials);
      return accept({ clientId: credentials.clientId });
    },
    authenticate: async (client, request) => {
      const credentials = parsed.get(request);
      if (credentials === undefined) return reject('client_secret.format', 'AS-82');
      return checkClientSecret(name, client, credentials.secret, request.now);
    },
  };
}
