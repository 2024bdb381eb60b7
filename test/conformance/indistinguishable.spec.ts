import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCompactJws } from '@keybound/core';
import {
  otherKey,
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
import { stopwatch } from '../support/stopwatch.js';
import { unboundServer } from '../support/code-flow.js';

const runs = 200;
const rounds = 10;
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
  beforeAll(async () => {
    const failedAuthentications = { limit: 1_000_000, windowSeconds: 60 };
    server = await unboundServer({ failedAuthentications });
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
    ['secrets', byGuess, 'secret-1'],
    ['assertions', byForgery, 'client-1'],
  ])(
    'AS-91 of clients, by %s: neither by what is said nor by how long it takes',
    async (_by, make, known) => {
      const [wrong, unknown] = [await make(known), await make('nobody')];
      expect(await bytesOf([wrong, unknown])).toEqual(
        new Set([expect.stringContaining('invalid_client')]),
      );
      let apart = Infinity;
      for (let round = 0; round < rounds && apart >= 0.1; round += 1) {
        apart = Math.min(
          apart,
          await difference(
            server,
            () => make(known),
            () => make('nobody'),
          ),
        );
      }
      expect(apart).toBeLessThan(0.1);
    },
  );
});

/** How far the medians of both are apart, taken in turns so that what else goes on hits both alike. */
async function difference(
  server: TestServer,
  ...makers: readonly (() => Promise<RequestInput>)[]
): Promise<number> {
  const times = makers.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, make] of makers.entries()) {
      const request = await make();
      const since = stopwatch();
      await server.send(request);
      times[index]?.push(since());
    }
  }
  const [one = 0, other = 0] = times.map((list) => list.sort((a, b) => a - b)[runs / 2] ?? 0);
  return Math.abs(one - other) / Math.max(one, other);
}
