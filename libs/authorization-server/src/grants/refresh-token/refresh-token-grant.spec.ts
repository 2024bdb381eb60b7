import { describe, expect, it } from '@jest/globals';
import { isThumbprint, seconds } from '@keybound/core';
import {
  answeringLate,
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  hash,
  jkt,
  otherKey,
  refreshForm,
  savedCode,
  savedRefreshToken,
  secretAuthentication,
  T0,
  testServer,
  textIn,
  thumbprint,
  tokenName,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestKey,
  type TestServer,
  type TokenRequestExtras,
} from '@keybound/testing';
import { readFileSync } from 'node:fs';
import { inMemoryStores, type AuthorizationServerOptions } from '../../index.js';

const start = (own: Partial<AuthorizationServerOptions> = {}) =>
  testServer({ clients: undemandingClients, accessTokens: { requireProof: false }, ...own });

async function send(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  return server.send(await tokenRequest(form, { now: server.clock.now(), ...extras }));
}

async function refusal(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  const answer = await send(server, form, extras);
  return [answer.status, answer.json['error']];
}

interface Step {
  readonly at?: number;
  readonly refresh?: string;
  readonly result?: string | readonly string[];
  readonly revokesFamily?: boolean;
  readonly dpop?: 'A' | 'B' | null;
  readonly clientAuth?: 'missing' | 'client-2';
  readonly status?: number;
  readonly scope?: string;
  readonly accessScope?: string;
  readonly accessTokenJkt?: 'A' | 'B';
  readonly accessTokenActive?: boolean;
  readonly parallel?: readonly { readonly refresh: string }[];
}

interface Sequence {
  readonly id: string;
  readonly client: string;
  readonly granted?: string;
  readonly options?: Readonly<Record<string, number>>;
  readonly steps: readonly Step[];
}

const { sequences } = JSON.parse(
  readFileSync(
    new URL('../../../../../test/vectors/authorization-server/as-refresh.json', import.meta.url),
    'utf8',
  ),
) as { readonly sequences: readonly Sequence[] };

const boundKey = isThumbprint(jkt) ? jkt : undefined;
const proofKeys: Readonly<Record<'A' | 'B', TestKey>> = { A: clientKey, B: otherKey };
const errors: ReadonlySet<unknown> = new Set(['invalid_grant', 'invalid_client', 'invalid_scope']);

/** Walks through a sequence: each name of a token stands for the one that took it first. */
class Walk {
  readonly #tokens = new Map<string, string>();
  #accessToken: { readonly grantId: string; readonly jti: string } | undefined;

  constructor(
    readonly server: TestServer,
    readonly sequence: Sequence,
  ) {}

  async begin(): Promise<void> {
    const scopes = (this.sequence.granted ?? 'api:read').split(' ');
    const bound = this.sequence.client.includes('DPoP-bound');
    const token = await savedRefreshToken(
      this.server.stores.grants,
      { clientId: this.#clientId, scopes, ...this.#absoluteEnd },
      { ...(bound && { boundTo: boundKey, mustBeBound: true }), ...this.#idleEnd },
    );
    this.#tokens.set('rt1', token);
  }

  async step(step: Step): Promise<void> {
    if (step.at !== undefined) this.server.clock.set(T0 + step.at);
    if (step.parallel !== undefined) return this.#together(step);
    if (step.refresh !== undefined) return this.#refresh(step, step.refresh);
    expect(await this.#isActive()).toBe(step.accessTokenActive);
  }

  async #refresh(step: Step, name: string): Promise<void> {
    const answer = await this.#send(step, name);
    if (errors.has(step.result)) {
      expect([answer.status, answer.json['error']]).toEqual([step.status ?? 400, step.result]);
      if (step.revokesFamily !== undefined)
        expect(await this.#isActive()).toBe(!step.revokesFamily);
      return;
    }
    expect(answer.status).toBe(200);
    this.#take(String(step.result), textIn(answer.json, 'refresh_token'));
    const claims = claimsIn(answer.json['access_token']);
    this.#accessToken = tokenName(answer.json['access_token']);
    if (step.accessScope !== undefined) expect(claims['scope']).toBe(step.accessScope);
    if (step.accessTokenJkt !== undefined) {
      expect(claims['cnf']).toEqual({ jkt: thumbprint(proofKeys[step.accessTokenJkt]) });
    }
  }

  async #together({ parallel = [], result = [] }: Step): Promise<void> {
    const answers = await Promise.all(parallel.map(({ refresh }) => this.#send({}, refresh)));
    expect(answers.map(({ status }) => status)).toEqual(parallel.map(() => 200));
    answers.forEach(({ json }, at) => {
      this.#take(result[at] ?? '', textIn(json, 'refresh_token'));
    });
  }

  /** A name that is known keeps its value; a new one is a new value. */
  #take(name: string, value: string): void {
    const known = this.#tokens.get(name);
    if (known === undefined) expect([...this.#tokens.values()]).not.toContain(value);
    else expect(value).toBe(known);
    this.#tokens.set(name, value);
  }

  async #send({ dpop, scope, clientAuth }: Step, name: string) {
    const token = this.#tokens.get(name) ?? '';
    const proofBy = proofKeys[dpop ?? this.#usualKey];
    const isProven = dpop !== null && (dpop !== undefined || !this.#isUnbound);
    const form = refreshForm(token, { scope, ...(await this.#credentials(clientAuth)) });
    const headers = clientAuth === 'client-2' ? secretAuthentication : {};
    return send(this.server, form, { headers, ...(isProven && { proofBy }) });
  }

  async #credentials(clientAuth: Step['clientAuth']): Promise<Form> {
    if (this.#clientId === 'public-1') return {};
    if (clientAuth === 'missing') return { client_id: this.#clientId };
    if (clientAuth === 'client-2') return { client_id: undefined };
    return { client_id: undefined, ...(await assertionForm(this.server.clock.now())) };
  }

  async #isActive(): Promise<boolean> {
    if (this.#accessToken === undefined) throw new Error('No access token was issued.');
    return this.server.stores.grants.isAccessTokenActive(
      this.#accessToken,
      this.server.clock.now(),
    );
  }

  get #clientId(): string {
    return this.sequence.client.startsWith('public') ? 'public-1' : 'client-1';
  }

  get #isUnbound(): boolean {
    return this.sequence.client === 'public, not bound';
  }

  readonly #usualKey = 'A';

  get #absoluteEnd() {
    const after = this.sequence.options?.['absoluteSeconds'];
    return after === undefined ? {} : { expiresAt: seconds(T0 + after) };
  }

  get #idleEnd() {
    const after = this.sequence.options?.['idleSeconds'];
    return after === undefined ? {} : { idleExpiresAt: seconds(T0 + after) };
  }
}

describe('the refresh token grant', () => {
  it.each(sequences)(
    'AS-69 AS-70 AS-71 AS-72 AS-73 AS-74 THR-50 [as-refresh $id]',
    async (sequence) => {
      const { graceSeconds, idleSeconds } = sequence.options ?? {};
      const server = await start({
        scopes: { 'api:read': [], a: [], b: [], c: [], d: [] },
        refreshTokens: {
          ...(graceSeconds !== undefined && { graceSeconds }),
          ...(idleSeconds !== undefined && { idleSeconds }),
        },
      });
      const walk = new Walk(server, sequence);
      await walk.begin();
      for (const step of sequence.steps) await walk.step(step);
    },
  );

  it('AS-72 THR-50 lets one of two at once through where there is no grace, and revokes the family', async () => {
    const server = await start({ refreshTokens: { graceSeconds: 0 } });
    const token = await savedRefreshToken(server.stores.grants);
    const answers = await Promise.all([
      send(server, refreshForm(token)),
      send(server, refreshForm(token)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const [winner] = answers.filter(({ status }) => status === 200);
    const successor = textIn(winner?.json, 'refresh_token');
    expect(await refusal(server, refreshForm(successor))).toEqual([400, 'invalid_grant']);
  });

  it('AS-71 THR-50 tells the operator of a token that was used again', async () => {
    const server = await start({ refreshTokens: { graceSeconds: 0 } });
    const token = await savedRefreshToken(server.stores.grants, { id: 'grant_1' });
    await send(server, refreshForm(token));
    expect(await refusal(server, refreshForm(token))).toEqual([400, 'invalid_grant']);
    expect(server.audit.events).toContainEqual(
      expect.objectContaining({ kind: 'reuse', code: 'refresh_reuse', grantId: 'grant_1' }),
    );
  });

  it('AS-72 THR-90 serves a client whose answer was lost, and lets one branch live on', async () => {
    const server = await start();
    const token = await savedRefreshToken(server.stores.grants, { id: 'grant_1' });
    const lost = textIn((await send(server, refreshForm(token))).json, 'refresh_token');
    server.clock.advance(9);
    const retried = textIn((await send(server, refreshForm(token))).json, 'refresh_token');
    server.clock.advance(60);
    expect((await send(server, refreshForm(retried))).status).toBe(200);
    expect(await refusal(server, refreshForm(lost))).toEqual([400, 'invalid_grant']);
    const active = { grantId: 'grant_1', jti: 'any' };
    expect(await server.stores.grants.isAccessTokenActive(active, server.clock.now())).toBe(false);
  });

  it('AS-73 takes a token in the last second before it is idle too long, and not in the next', async () => {
    const idle = { idleExpiresAt: seconds(T0 + 100) };
    for (const [at, status] of [
      [99, 200],
      [100, 400],
    ] as const) {
      const server = await start();
      const token = await savedRefreshToken(server.stores.grants, {}, idle);
      server.clock.set(T0 + at);
      expect((await send(server, refreshForm(token))).status).toBe(status);
    }
  });

  it('AS-69 refuses a token that is missing, unknown, revoked or a code', async () => {
    const server = await start();
    const token = await savedRefreshToken(server.stores.grants, { id: 'grant_1' });
    const code = await savedCode(server.stores.grants);
    const missing = refreshForm('', { refresh_token: undefined });
    expect(await refusal(server, missing)).toEqual([400, 'invalid_request']);
    expect(await refusal(server, refreshForm('rt_unknown'))).toEqual([400, 'invalid_grant']);
    expect(await refusal(server, refreshForm(code))).toEqual([400, 'invalid_grant']);
    await server.stores.grants.revokeGrant('grant_1', T0);
    expect(await refusal(server, refreshForm(token))).toEqual([400, 'invalid_grant']);
  });

  it('AS-69 refuses a client of the same name that another resolver found', async () => {
    const server = await start();
    const token = await savedRefreshToken(server.stores.grants, { clientSource: 'registered' });
    expect(await refusal(server, refreshForm(token))).toEqual([400, 'invalid_grant']);
  });

  it('AS-69 issues nothing more for a user who is gone', async () => {
    const server = await start();
    const token = await savedRefreshToken(server.stores.grants, { localSubject: 'mallory' });
    expect(await refusal(server, refreshForm(token))).toEqual([400, 'invalid_grant']);
  });

  it('AS-70 keeps scope, family and end when it rotates', async () => {
    const server = await start();
    const end = seconds(T0 + 500);
    const grant = { id: 'grant_1', expiresAt: end };
    const token = await savedRefreshToken(server.stores.grants, grant);
    server.clock.advance(100);
    const answer = await send(server, refreshForm(token));
    const successor = await server.stores.grants.findRefreshToken(
      hash(textIn(answer.json, 'refresh_token')),
      T0,
    );
    expect(successor).toMatchObject({
      grantId: 'grant_1',
      parentHash: hash(token),
      idleExpiresAt: end,
    });
    expect((await server.stores.grants.findGrant('grant_1', T0))?.expiresAt).toBe(end);
    expect(answer.json['scope']).toBe('openid api:read api:write offline_access');
  });

  it('AS-73 lets no refresh token outlive its grant', async () => {
    const server = await start();
    const end = seconds(T0 + 500);
    const token = await savedRefreshToken(server.stores.grants, { expiresAt: end });
    const answer = await send(server, refreshForm(token));
    const stored = await server.stores.grants.findRefreshToken(
      hash(textIn(answer.json, 'refresh_token')),
      T0,
    );
    expect(stored?.idleExpiresAt).toBe(end);
  });
});

describe('the key of a refresh token', () => {
  it('DPOP-16 AS-74 is the first one of a public client', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const first = await send(server, codeForm(code), { proofBy: clientKey });
    const token = textIn(first.json, 'refresh_token');
    for (const extras of [{}, { proofBy: otherKey }]) {
      expect(await refusal(server, refreshForm(token), extras)).toEqual([400, 'invalid_grant']);
    }
    const again = await send(server, refreshForm(token), { proofBy: clientKey });
    expect([again.status, again.json['refresh_token'], again.json['token_type']]).toEqual([
      200,
      token,
      'DPoP',
    ]);
  });

  it('DPOP-17 AS-74 is nobody’s with a confidential client, whose access tokens take the new key', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { clientId: 'client-1' });
    const credentials = async () => ({ client_id: undefined, ...(await assertionForm()) });
    const first = await send(server, codeForm(code, await credentials()), { proofBy: clientKey });
    const token = textIn(first.json, 'refresh_token');
    const again = await send(server, refreshForm(token, await credentials()), {
      proofBy: otherKey,
    });
    expect(claimsIn(again.json['access_token'])['cnf']).toEqual({ jkt: thumbprint(otherKey) });
    expect(again.json['refresh_token']).toBe(token);
  });

  it('AS-75 is asked of a confidential client whose tokens were bound, and the token survives', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { clientId: 'client-1' });
    const credentials = async () => ({ client_id: undefined, ...(await assertionForm()) });
    const first = await send(server, codeForm(code, await credentials()), { proofBy: clientKey });
    const token = textIn(first.json, 'refresh_token');
    const unproven = await refusal(server, refreshForm(token, await credentials()));
    expect(unproven).toEqual([400, 'invalid_dpop_proof']);
    const again = refreshForm(token, await credentials());
    expect((await send(server, again, { proofBy: clientKey })).status).toBe(200);
  });

  it('AS-75 DPOP-16 stays with the family once a public client proved one', async () => {
    const server = await start();
    const token = await savedRefreshToken(server.stores.grants);
    const bound = await send(server, refreshForm(token), { proofBy: clientKey });
    const successor = textIn(bound.json, 'refresh_token');
    expect(await refusal(server, refreshForm(successor))).toEqual([400, 'invalid_grant']);
    expect((await send(server, refreshForm(successor), { proofBy: clientKey })).status).toBe(200);
  });

  it('AS-75 is asked of a public client that promised one and has proven none yet', async () => {
    const server = await start();
    const token = await savedRefreshToken(server.stores.grants, {}, { mustBeBound: true });
    expect(await refusal(server, refreshForm(token))).toEqual([400, 'invalid_dpop_proof']);
    const bound = await send(server, refreshForm(token), { proofBy: clientKey });
    expect(bound.json['token_type']).toBe('DPoP');
  });
});

describe('refreshing twenty-five times at once', () => {
  it.each([
    ['a store in the process', () => inMemoryStores()],
    [
      'a store that answers late',
      () => {
        const stores = inMemoryStores();
        return { ...stores, grants: answeringLate(stores.grants) };
      },
    ],
  ])('AS-70 THR-50 THR-93 has one successor without grace, with %s', async (_what, makeStores) => {
    const server = await start({ stores: makeStores(), refreshTokens: { graceSeconds: 0 } });
    const token = await savedRefreshToken(server.stores.grants);
    const requests = await Promise.all(
      Array.from({ length: 25 }, () => tokenRequest(refreshForm(token))),
    );
    const answers = await Promise.all(requests.map((request) => server.send(request)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(
      new Set(refused.map(({ status, json }) => `${String(status)} ${textIn(json, 'error')}`)),
    ).toEqual(new Set(['400 invalid_grant']));
  });

  it('AS-70 THR-50 leaves nothing active after a revocation that overtook it', async () => {
    const stores = inMemoryStores();
    const server = await start({ stores: { ...stores, grants: answeringLate(stores.grants) } });
    for (let round = 0; round < 5; round++) {
      const id = `grant_${String(round)}`;
      const token = await savedRefreshToken(stores.grants, { id });
      const [answer] = await Promise.all([
        send(server, refreshForm(token)),
        server.stores.grants.revokeGrant(id, T0),
      ]);
      const active = await stores.grants.isAccessTokenActive({ grantId: id, jti: 'any' }, T0);
      expect(active).toBe(false);
      const successor = answer.status === 200 ? textIn(answer.json, 'refresh_token') : token;
      expect(await refusal(server, refreshForm(successor))).toEqual([400, 'invalid_grant']);
    }
  });
});
