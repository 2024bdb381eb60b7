import type { AuthorizationServerConfiguration } from '../server/options.schema.js';

/** Options of registration, where it is on. */
export type RegistrationConfiguration = Exclude<
  AuthorizationServerConfiguration['registration'],
  'off'
>;
