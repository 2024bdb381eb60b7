import type { AuthorizationServerOptions } from '@keybound/authorization-server';
import { clientKey, publicPart } from '../test-keys.js';

const code = {
  redirect_uris: ['https://client.example/cb'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
};

/** The secret of `secret-1`. */
export const clientSecret = 'secret-1-0123456789abcdef0123456789abcdef';

/** A client of each kind that the server knows by configuration. */
export const testClients: NonNullable<AuthorizationServerOptions['clients']> = [
  {
    client_id: 'public-1',
    metadata: { ...code, client_name: 'Public One', token_endpoint_auth_method: 'none' },
  },
  {
    client_id: 'client-1',
    metadata: {
      ...code,
      grant_types: [...code.grant_types, 'client_credentials'],
      client_name: 'Client One',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...publicPart(clientKey), alg: 'ES256', use: 'sig' }] },
    },
  },
  {
    client_id: 'secret-1',
    metadata: {
      ...code,
      grant_types: [...code.grant_types, 'client_credentials'],
      client_name: 'Secret One',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    secrets: [clientSecret],
  },
];
