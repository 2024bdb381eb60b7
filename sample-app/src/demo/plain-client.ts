import type { CodeFlowScene } from './code-flow-scene.js';
import { alice } from './logged-in.js';

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: string;
  readonly key?: string;
}

// Those of RFC 7636 appendix B, which everybody knows; a client makes its own each time.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/**
 * The code flow in plain HTTP requests, for tokens that no client library asks for.
 *
 * @param asked  How the token request names its key.
 * @param target Parameters of both requests: `resource`, where the token is for one alone.
 */
export async function tokenFor(
  { app, redirectUri }: CodeFlowScene,
  asked: Readonly<Record<string, string>>,
  target: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const registered = await fetch(`${app}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' }),
  });
  const { client_id } = (await registered.json()) as { readonly client_id: string };
  const query = new URLSearchParams({
    client_id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid read',
    ...target,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const callback = await alice().authorize(`${app}/authorize?${query.toString()}`, redirectUri);
  const answer = await fetch(`${app}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id,
      code: callback.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: redirectUri,
      ...target,
      token_type: 'pop',
      ...asked,
    }),
  });
  return (await answer.json()) as TokenAnswer;
}
