import { signCompactJws } from '@keybound/core';
import { dpopProof, signerFor } from '../messages.js';
import { randomName } from '../random-name.js';
import type { RequestInput } from '../request-view.js';
import { scene, T0 } from '../scene.js';
import { clientKey, type TestKey } from '../test-keys.js';
import { pkce } from './granted.js';
import { clientSecret } from './test-clients.js';

export type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface TokenRequestExtras {
  /** Proves this key, by DPoP. */
  readonly proofBy?: TestKey;
  readonly now?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** A POST of a form to the token endpoint. `undefined` leaves a member away, a list repeats it. */
export async function tokenRequest(
  form: Form,
  { proofBy, now = T0, headers = {} }: TokenRequestExtras = {},
): Promise<RequestInput> {
  const htu = `${scene.issuer}/token`;
  const proof =
    proofBy === undefined
      ? {}
      : { dpop: await dpopProof({ htm: 'POST', htu, iat: now }, { key: proofBy }) };
  return {
    method: 'POST',
    url: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...proof, ...headers },
    body: formText(form),
  };
}

/** The form that redeems a code of `public-1`. */
export function codeForm(code: string, own: Form = {}): Form {
  return {
    grant_type: 'authorization_code',
    client_id: 'public-1',
    code,
    redirect_uri: 'https://client.example/cb',
    code_verifier: pkce.verifier,
    ...own,
  };
}

/** The form that refreshes a token of `public-1`. */
export function refreshForm(token: string, own: Form = {}): Form {
  return { grant_type: 'refresh_token', client_id: 'public-1', refresh_token: token, ...own };
}

/** How `secret-1` authenticates: in the `Authorization` field. */
export const secretAuthentication: Readonly<Record<string, string>> = {
  authorization: `Basic ${Buffer.from(`secret-1:${clientSecret}`).toString('base64')}`,
};

/** How `client-1` authenticates: by an assertion of its own, new each time. */
export async function assertionForm(now: number = T0): Promise<Form> {
  const claims = {
    iss: 'client-1',
    sub: 'client-1',
    aud: scene.issuer,
    iat: now,
    exp: now + 60,
    jti: randomName(),
  };
  const header = { typ: 'client-authentication+jwt' };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signCompactJws(header, claims, await signerFor(clientKey)),
  };
}

function formText(form: Form): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    if (value === undefined) continue;
    for (const each of typeof value === 'string' ? [value] : value) text.append(name, each);
  }
  return text.toString();
}
