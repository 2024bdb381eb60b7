import type { ClientMetadata } from '../extension/client.js';

const secretMethods = new Set(['client_secret_basic', 'client_secret_post']);

/** Whether a client authenticates by a shared secret. OIDC-18: nobody else has one. */
export function usesSecret(metadata: ClientMetadata): boolean {
  return secretMethods.has(metadata.token_endpoint_auth_method);
}
