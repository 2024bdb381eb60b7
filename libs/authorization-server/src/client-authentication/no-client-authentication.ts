import { accept } from '@keybound/core';
import type { ClientAuthenticationMethod } from '../extension/client-authentication.js';

/** The name under which public clients register. */
export const noMethod = 'none';

/**
 * A public client, which can only name itself. OAuth 2.1 §2.4. `authenticateClient` asks it last, where
 * no other method finds a credential.
 */
export const noClientAuthentication: ClientAuthenticationMethod = {
  name: noMethod,
  detect: ({ parameters }) => {
    const clientId = parameters.one('client_id');
    return clientId === undefined ? undefined : accept({ clientId });
  },
  authenticate: () =>
    Promise.resolve(
      accept({ method: noMethod, confidential: false, provenKeys: [], uses: [], facts: {} }),
    ),
};
