import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCompactJws } from '@keybound/core';
import {
  clientKey,
  otherKey,
  publicPart,
  refreshForm,
  savedCode,
  savedRefreshToken,
  scene,
  signerFor,
  codeForm,
  T0,
  tokenRequest,
  type Form,
  type RequestInput,
  type TestServer,
} from '@keybound/testing';
import { unboundServer } from '../support/code-flow.js';
import { FailingStores } from '../support/failing-stores.js';
import { workDone } from './work-done.js';

const grant = { grant_type: 'client_credentials' };

async function byGuess(clientId: string): Promise<RequestInput> {
  const guess = Buffer.from(`${clientId}:${'g'.repeat(40)}`).toString('base64');
  return tokenRequest(grant, { headers: { authorization: `Basic ${guess}` } });
}

/** Signed by a key that no client has. */
async function byForgery(clientId: string): Promise<RequestInput> {
  const claims = { iss: clientId, sub: clientId, aud: scene.issuer, iat: T0, exp: T0 + 60 };
  const signer = await signerFor(otherKey);
  const assertion = await signCompactJws({}, { ...claims, jti: crypto.randomUUID() }, signer);
  const form: Form = {
    ...grant,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
  return tokenRequest(form);
}

describe('INV-7 who guesses learns nothing', () => {
  let server: TestServer;
  const failing = new FailingStores();
  beforeAll(async () => {
    const { stores, replay: store } = failing;
    server = await unboundServer({
      stores,
      replay: { store },
      registration: { access: 'open' },
      failedAuthentications: { limit: 1_000, windowSeconds: 60 },
    });
  });

  async function bytesOf(requests: readonly RequestInput[]): Promise<Set<string>> {
    const seen = new Set<string>();
    for (const request of requests) {
      const { status, headers, body } = await server.send(request);
      seen.add(JSON.stringify([status, headers, body]));
    }
    return seen;
  }

  it('of codes: unknown, of another client, for another address, over', async () => {
    const { grants } = server.stores;
    const expired = await savedCode(grants, {}, { expiresAt: T0 });
    const foreign = await savedCode(grants, { clientId: 'secret-1' });
    const good = await savedCode(grants);
    const elsewhere = { redirect_uri: 'https://client.example/other' };
    const requests = await Promise.all([
      tokenRequest(codeForm('code_unknown')),
      tokenRequest(codeForm(expired)),
      tokenRequest(codeForm(foreign)),
      tokenRequest(codeForm(good, elsewhere)),
      tokenRequest(codeForm(good, { code_verifier: 'x'.repeat(43) })),
    ]);
    const seen = await bytesOf(requests);
    expect([...seen]).toEqual([expect.stringContaining('invalid_grant')]);
    expect((await server.send(await tokenRequest(codeForm(good)))).status).toBe(200);
  });

  it('of refresh tokens: unknown, of another client, over', async () => {
    const { grants } = server.stores;
    const foreign = await savedRefreshToken(
      grants,
      { clientId: 'secret-1' },
      { clientId: 'secret-1' },
    );
    const expired = await savedRefreshToken(grants, {}, { idleExpiresAt: T0 });
    const requests = await Promise.all(
      ['rt_unknown', foreign, expired].map((token) => tokenRequest(refreshForm(token))),
    );
    const seen = await bytesOf(requests);
    expect([...seen]).toEqual([expect.stringContaining('invalid_grant')]);
  });

  it.each([
    ['secrets', byGuess, 'client_secret_basic', { verifyBytes: 0, equalInConstantTime: 1 }],
    ['assertions', byForgery, 'private_key_jwt', { verifyBytes: 1, equalInConstantTime: 0 }],
  ])(
    'AS-91 of clients, by %s: neither by what is said nor by what is done',
    async (_by, make, method, work) => {
      const known = await registered(method);
      // What is made once for a client is made by now, as it is for the decoys of the server.
      for (const clientId of [known, 'nobody']) await server.send(await make(clientId));
      const [wrong, unknown] = [await make(known), await make('nobody')];
      expect(await bytesOf([wrong, unknown])).toEqual(
        new Set([expect.stringContaining('invalid_client')]),
      );
      const doneForKnown = await doneFor(await make(known));
      expect(doneForKnown).toMatchObject(work);
      expect(doneForKnown.sha256Base64url).toBeGreaterThan(0);
      expect(doneForKnown.stores).toContain('clients.find');
      expect(await doneFor(await make('nobody'))).toEqual(doneForKnown);
    },
  );

  async function registered(method: string): Promise<string> {
    const jwks = { keys: [{ ...publicPart(clientKey), alg: 'ES256', use: 'sig' }] };
    const metadata = {
      redirect_uris: ['https://client.example/cb'],
      token_endpoint_auth_method: method,
      ...(method === 'private_key_jwt' && { jwks }),
    };
    const answer = await server.send({
      method: 'POST',
      url: '/register',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
    const { client_id: id } = answer.json;
    if (typeof id !== 'string') throw new Error(`Not registered: ${answer.body ?? ''}`);
    return id;
  }

  async function doneFor(request: RequestInput) {
    failing.watch();
    const work = await workDone(() => server.send(request));
    return { ...work, stores: [...failing.calls] };
  }
});
