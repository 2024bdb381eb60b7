import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Server } from 'node:http';
import { Provider, type AdapterPayload } from 'oidc-provider';
import { freePort } from './free-port.js';
import { ProviderMemory } from './provider-memory.js';

export interface IndependentIssuer {
  readonly issuer: string;
  close(): Promise<void>;
}

/** What the issuer is told beforehand. */
export interface Registration {
  /** The API that its tokens are for. */
  readonly resource: string;
  readonly clientId: string;
  /** The client authenticates with it; tokens asked for without DPoP are bound to it. */
  readonly clientJwk: JWK;
}

/**
 * An issuer that shares no code with this suite: oidc-provider on loopback, with client credentials,
 * DPoP and JWT access tokens. Where a client brings no DPoP proof, its registered key stands in the
 * token's `cnf.jwk`.
 */
export async function startIndependentIssuer(
  registration: Registration,
): Promise<IndependentIssuer> {
  const { resource, clientId, clientJwk } = registration;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const client: AdapterPayload = {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    // Copied, since the provider takes plain objects only, and Web Crypto makes its own.
    jwks: { keys: [{ ...clientJwk }] },
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  };
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'demo' }] },
    adapter: (kind) => new ProviderMemory(kind === 'Client' ? { [clientId]: client } : {}),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    ttl: { ClientCredentials: 300 },
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    formats: {
      customizers: {
        jwt: (_context, _token, { payload }) => {
          payload['cnf'] ??= { jwk: clientJwk };
        },
      },
    },
  });

  const server = await new Promise<Server>((resolve) => {
    const listening = provider.listen(port, '127.0.0.1', () => {
      resolve(listening);
    });
  });
  return { issuer, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
