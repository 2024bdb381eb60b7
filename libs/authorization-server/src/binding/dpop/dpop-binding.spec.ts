import { describe, expect, it } from '@jest/globals';
import { isThumbprint, seconds, statelessNonces, type ServerNonces } from '@keybound/core';
import {
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  dpopProof,
  hash,
  jkt,
  refreshForm,
  savedCode,
  savedRefreshToken,
  scene,
  T0,
  testServer,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestServer,
} from '@keybound/testing';
import { readFileSync } from 'node:fs';
import type { AuthorizationServerOptions } from '../../index.js';

interface Case {
  readonly id: string;
  readonly role: string;
  readonly covers: readonly string[];
  readonly request: {
    readonly headers: readonly (readonly [string, string])[];
    readonly form: Readonly<Record<string, string>>;
  };
  readonly client: {
    readonly token_endpoint_auth_method: string;
    readonly dpop_bound_access_tokens?: boolean;
  };
  readonly grant: { readonly dpop_jkt?: string; readonly refreshTokenJkt?: string };
  readonly policy?: { readonly nonce: { readonly accepted: readonly string[] } };
  readonly expect: {
    readonly accept: boolean;
    readonly status?: number;
    readonly error?: string;
    readonly token_type?: string;
    readonly cnf?: Readonly<Record<string, string>>;
    readonly responseHeaders?: Readonly<Record<string, string>>;
  };
}

const vectors = JSON.parse(
  readFileSync(
    new URL(
      '../../../../../test/vectors/sender-constrained-tokens/dpop-cases.json',
      import.meta.url,
    ),
    'utf8',
  ),
) as { readonly cases: readonly Case[] };
const cases = vectors.cases
  .filter(({ role }) => role === 'as-token')
  .map((vector) => [`${vector.covers.join(' ')} [${vector.id}]`, vector] as const);

/** Nonces as the vectors list them: the first is the newest. */
function listed(accepted: readonly string[]): ServerNonces {
  return {
    issue: () => accepted[0] ?? '',
    check: (nonce, now) =>
      accepted.includes(nonce)
        ? { state: 'current', renew: nonce !== accepted[0], since: now, until: seconds(now + 300) }
        : { state: 'unknown' },
  };
}

async function serverOf({ client, policy }: Case): Promise<TestServer> {
  const configured = undemandingClients.find(({ client_id }) => client_id === 'client-1');
  const keyless = { jwks: undefined, token_endpoint_auth_signing_alg: undefined };
  const metadata = Object.fromEntries(
    Object.entries({
      ...configured?.metadata,
      ...(client.token_endpoint_auth_method === 'none' && keyless),
      ...client,
      grant_types: ['authorization_code', 'refresh_token'],
    }).filter(([name, value]) => value !== undefined && name !== 'client_id'),
  );
  return testServer({
    clients: [{ client_id: 'client-1', metadata }],
    accessTokens: { requireProof: false },
    ...(policy !== undefined && {
      nonces: { mode: 'required', server: listed(policy.nonce.accepted) },
    }),
  });
}

const thumbprintIn = (text: string | undefined) =>
  text !== undefined && isThumbprint(text) ? text : undefined;

async function saveGrant({ stores }: TestServer, { request: { form }, grant }: Case) {
  const owner = { clientId: 'client-1' };
  if (form['grant_type'] === 'refresh_token') {
    const boundTo = thumbprintIn(grant.refreshTokenJkt);
    await savedRefreshToken(stores.grants, owner, { hash: hash('rt-1'), boundTo });
    return;
  }
  await savedCode(stores.grants, owner, {
    hash: hash('code-1'),
    codeChallenge: hash(form['code_verifier'] ?? ''),
    dpopJkt: thumbprintIn(grant.dpop_jkt),
  });
}

async function send(server: TestServer, { request, client }: Case) {
  const credentials = client.token_endpoint_auth_method === 'none' ? {} : await assertionForm();
  const plain = await tokenRequest({ ...request.form, ...credentials });
  const contentType = ['content-type', 'application/x-www-form-urlencoded'] as const;
  return server.send({ ...plain, headers: [contentType, ...request.headers] });
}

async function isUnused({ stores }: TestServer, { request: { form } }: Case): Promise<boolean> {
  if (form['grant_type'] === 'refresh_token') {
    const token = await stores.grants.findRefreshToken(hash('rt-1'), T0);
    return token !== undefined && token.retiredAt === undefined;
  }
  const code = await stores.grants.findCode(hash('code-1'), T0);
  return code !== undefined && code.redeemedAt === undefined;
}

describe('DPoP at the token endpoint (vectors)', () => {
  it.each(cases)('%s', async (_name, vector) => {
    const server = await serverOf(vector);
    await saveGrant(server, vector);
    const { accept, token_type, cnf, status, error, responseHeaders = {} } = vector.expect;
    const answer = await send(server, vector);
    if (accept) {
      expect([answer.status, answer.json['token_type']]).toEqual([200, token_type]);
      expect(claimsIn(answer.json['access_token'])['cnf']).toEqual(cnf);
    } else {
      expect([answer.status, answer.json['error']]).toEqual([status, error]);
      expect(await isUnused(server, vector)).toBe(true);
    }
    for (const [name, value] of Object.entries(responseHeaders)) {
      expect(answer.fields(name.toLowerCase())).toEqual([value]);
    }
  });
});

const start = (own: Partial<AuthorizationServerOptions> = {}) =>
  testServer({ clients: undemandingClients, accessTokens: { requireProof: false }, ...own });

async function redeem(server: TestServer, code: string, dpop: string | readonly string[]) {
  return server.send(await tokenRequest(codeForm(code), { headers: { dpop } }));
}

const proof = (flaw = {}) => dpopProof({ htm: 'POST', htu: `${scene.issuer}/token`, ...flaw });

describe('a DPoP proof at the token endpoint', () => {
  it('DPOP-15 binds the token, whatever the grant', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const token = await savedRefreshToken(server.stores.grants);
    const forms: readonly Form[] = [
      codeForm(code),
      refreshForm(token),
      { grant_type: 'client_credentials', ...(await assertionForm()) },
    ];
    for (const form of forms) {
      const { json } = await server.send(await tokenRequest(form, { proofBy: clientKey }));
      expect(json['token_type']).toBe('DPoP');
      expect(claimsIn(json['access_token'])['cnf']).toEqual({ jkt });
    }
  });

  it('THR-21 is malformed, not absent, where its field is empty', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    for (const empty of ['', [''], ['', '']]) {
      const answer = await redeem(server, code, empty);
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_dpop_proof']);
    }
    expect((await redeem(server, code, await proof())).status).toBe(200);
  });

  it('DPOP-13 THR-28 is accepted once, also with another code', async () => {
    const server = await start();
    const [first, second] = [
      await savedCode(server.stores.grants),
      await savedCode(server.stores.grants),
    ];
    const once = await proof();
    expect((await redeem(server, first, once)).status).toBe(200);
    const again = await redeem(server, second, once);
    expect([again.status, again.json['error']]).toEqual([400, 'invalid_dpop_proof']);
    expect(server.audit.events).toContainEqual(
      expect.objectContaining({ kind: 'replay', requirement: 'DPOP-13' }),
    );
    expect((await redeem(server, second, await proof())).status).toBe(200);
  });

  it('THR-28 THR-93 is accepted once of twenty-five times at once', async () => {
    const server = await start();
    const once = await proof();
    const codes = await Promise.all(
      Array.from({ length: 25 }, () => savedCode(server.stores.grants)),
    );
    const answers = await Promise.all(codes.map((code) => redeem(server, code, once)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ json }) => json['error']))).toEqual(
      new Set(['invalid_dpop_proof']),
    );
  });

  it('DPOP-15 is not asked for where DPoP is off, and says nothing there', async () => {
    const server = await start({ dpop: 'off' });
    const code = await savedCode(server.stores.grants);
    const answer = await redeem(server, code, 'not a proof');
    expect([answer.status, answer.json['token_type']]).toEqual([200, 'Bearer']);
  });

  it('DPOP-28 is of an algorithm that the metadata lists, and no other', async () => {
    const server = await start({ dpop: { algorithms: ['ES384', 'EdDSA'] } });
    expect(server.server.metadata()).toMatchObject({
      dpop_signing_alg_values_supported: ['ES384', 'EdDSA'],
    });
    const code = await savedCode(server.stores.grants);
    const answer = await redeem(server, code, await proof());
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_dpop_proof']);
  });
});

describe('nonces at the token endpoint', () => {
  const nonces = statelessNonces({
    role: 'authorization server',
    identifier: scene.issuer,
    secrets: ['0123456789abcdef0123456789abcdef'],
    lifetimeSeconds: 300,
  });
  const required = () => start({ nonces: { mode: 'required', server: nonces } });

  it('DPOP-30 THR-88 are asked for, in one field, and the code survives', async () => {
    const server = await required();
    const code = await savedCode(server.stores.grants);
    for (const nonce of [undefined, 'foreign', nonces.issue(seconds(T0 - 1_000))]) {
      const answer = await redeem(server, code, await proof({ nonce }));
      expect([answer.status, answer.json['error']]).toEqual([400, 'use_dpop_nonce']);
      expect(answer.fields('dpop-nonce')).toHaveLength(1);
      expect(answer.fields('cache-control')).toEqual(['no-store']);
    }
    const asked = await redeem(server, code, await proof());
    const [nonce] = asked.fields('dpop-nonce');
    const answer = await redeem(server, code, await proof({ nonce }));
    expect([answer.status, answer.fields('dpop-nonce')]).toEqual([200, []]);
  });

  it.each([
    ['a number', 7, 'invalid_dpop_proof'],
    ['empty', '', 'use_dpop_nonce'],
    ['of control characters', 'a\r\nb', 'use_dpop_nonce'],
  ])('THR-88 are refused, and a good one sent, where it is %s', async (_what, nonce, error) => {
    const server = await required();
    const code = await savedCode(server.stores.grants);
    const answer = await redeem(server, code, await proof({ nonce }));
    expect([answer.status, answer.json['error']]).toEqual([400, error]);
    expect(answer.fields('dpop-nonce').join()).toMatch(/^[\w-]+$/);
  });

  it('DPOP-30 are renewed once they are past half their life', async () => {
    const server = await required();
    const code = await savedCode(server.stores.grants);
    const nonce = nonces.issue(seconds(T0 - 200));
    const answer = await redeem(server, code, await proof({ nonce }));
    expect(answer.status).toBe(200);
    expect(answer.fields('dpop-nonce')).toHaveLength(1);
  });

  it('DPOP-30 are no oracle for a proof that is wrong in another way', async () => {
    const server = await required();
    const code = await savedCode(server.stores.grants);
    const answer = await redeem(server, code, await proof({ htm: 'GET' }));
    expect(answer.json['error']).toBe('invalid_dpop_proof');
    expect(answer.fields('dpop-nonce')).toHaveLength(1);
  });
});
