import { accept } from '@keybound/core';
import type { ClientAuthenticationMethod } from '../extension/client-authentication.js';
import { checkClientSecret, maxSecretLength } from './check-client-secret.js';
import { reject } from './rejections.js';

const name = 'client_secret_post';

/** A shared secret in the form. RFC 6749 §2.3.1. */
export const clientSecretPost: ClientAuthenticationMethod = {
  name,
  detect: ({ parameters }) => {
    const secret = parameters.one('client_secret');
    if (secret === undefined) return undefined;
    const clientId = parameters.one('client_id');
    if (clientId === undefined || secret.length > maxSecretLength) {
      return reject('client_secret.format', 'AS-82');
    }
    return accept({ clientId });
  },
  authenticate: async (client, { parameters, now }) => {
    const secret = parameters.one('client_secret');
    if (secret === undefined) return reject('client_secret.format', 'AS-82');
    return checkClientSecret(name, client, secret, now);
  },
};
