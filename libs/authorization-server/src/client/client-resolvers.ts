import type { BuiltIn } from '../server/server-context.js';
import { ClientKeys } from './client-keys.js';
import { configuredClients } from './configured-clients.js';
import { RegisteredClients } from './registered-clients.js';

/** Clients that the operator wrote down, then those that registered themselves. */
export const clientResolvers: BuiltIn = (context) => {
  const keys = new ClientKeys(context);
  return {
    clientResolvers: [configuredClients(context, keys), new RegisteredClients(context, keys)],
  };
};
