import { describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import {
  assertionForm,
  clientKey,
  codeForm,
  otherKey,
  refreshForm,
  savedCode,
  savedRefreshToken,
  scene,
  secretAuthentication,
  testServer,
  textIn,
  tokenRequest,
  type Form,
  type RequestInput,
  type TestServer,
  type TokenRequestExtras,
} from '@keybound/testing';
import { readFileSync } from 'node:fs';

interface Row {
  readonly endpoint: string;
  readonly condition: string;
  readonly status: number;
  readonly error: string | null;
  readonly headers?: readonly string[];
}

const { rows } = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/authorization-server/as-errors.json', import.meta.url),
    'utf8',
  ),
) as { readonly rows: readonly Row[] };

type Attempt = (server: TestServer) => Promise<RequestInput>;

const proven: TokenRequestExtras = { proofBy: clientKey };
const ofCode =
  (own: Form, extras = proven): Attempt =>
  async ({ stores }) =>
    tokenRequest(codeForm(await savedCode(stores.grants), own), extras);
const ofRefreshToken =
  (own: Form, extras = proven): Attempt =>
  async ({ stores }) =>
    tokenRequest(refreshForm(await savedRefreshToken(stores.grants), own), extras);
const wrongSecret = { authorization: `Basic ${Buffer.from('secret-1:wrong').toString('base64')}` };

/** What makes each condition of the table come true. */
const attempts: Readonly<Record<string, Attempt>> = {
  'no grant_type': ofCode({ grant_type: undefined }),
  'grant_type unknown': ofCode({ grant_type: 'urn:example:unknown' }),
  'grant_type not registered for the client': ofCode({ grant_type: 'client_credentials' }),
  'repeated parameter': ofCode({ scope: ['openid', 'openid'] }),
  'content type not form': ofCode(
    {},
    { ...proven, headers: { 'content-type': 'application/json' } },
  ),
  'two client authentication methods': async () =>
    tokenRequest(
      { grant_type: 'client_credentials', ...(await assertionForm()) },
      { ...proven, headers: secretAuthentication },
    ),
  'client unknown or credentials wrong': ofCode({ client_id: 'nobody' }),
  'the same with an Authorization header': ofCode(
    { client_id: undefined },
    { ...proven, headers: wrongSecret },
  ),
  'code unknown, expired, used, other client, other redirect_uri': ofCode({ code: 'code_unknown' }),
  'code_verifier missing or wrong': ofCode({ code_verifier: undefined }),
  'code_verifier syntax': ofCode({ code_verifier: 'short' }),
  'refresh_token unknown, expired, revoked, other client, other key': async ({ send, stores }) => {
    const code = await savedCode(stores.grants);
    const { json } = await send(await tokenRequest(codeForm(code), proven));
    return tokenRequest(refreshForm(textIn(json, 'refresh_token')), { proofBy: otherKey });
  },
  'scope wider than granted': ofRefreshToken({ scope: 'admin' }),
  'resource not granted': ofRefreshToken({ resource: 'https://other.example' }),
  'DPoP proof bad': ofCode({}, { headers: { dpop: 'bad' } }),
  'DPoP nonce missing or stale': ofCode({}),
  'sender constraint required, none offered': ofCode({}, {}),
  'method other than POST (or OPTIONS)': () => Promise.resolve({ method: 'GET', url: '/token' }),
  'store down': async (server) => {
    jest
      .spyOn(server.stores.grants, 'findCode')
      .mockRejectedValueOnce(new StoreUnavailableError('down'));
    return ofCode({})(server);
  },
};

/** Rows of grants that this server does not have, each in the words of its condition. */
const elsewhere = /^(?:device|polling|exchange)/;

describe('refusals of the token endpoint', () => {
  const own = rows.filter(
    ({ endpoint, condition }) => endpoint === 'token' && !elsewhere.test(condition),
  );

  it.each(own)('AS-14 AS-76 INV-4 INV-8 [as-errors token: $condition]', async (row) => {
    const { condition, status, error, headers = [] } = row;
    const server = await testServer(
      condition.includes('nonce')
        ? { nonces: { mode: 'required', secrets: ['x'.repeat(32)] } }
        : {},
    );
    const attempt = attempts[condition];
    if (attempt === undefined) throw new TypeError(`Nothing tries "${condition}".`);
    const answer = await server.send(await attempt(server));
    expect(answer.status).toBe(status);
    if (error !== null) expect(answer.json).toEqual({ error });
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    for (const header of headers) {
      const [name = '', value = ''] = header.split(': ');
      expect(answer.fields(name.toLowerCase()).join()).toContain(value);
      expect(answer.fields(name.toLowerCase())).toHaveLength(1);
    }
    expect(answer.headers.join()).not.toContain(`${scene.issuer}/token`);
  });
});
