import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, parsePublicJwk, thumbprintOf, type JsonValue } from '@keybound/core';
import {
  claimsIn,
  hash,
  savedCode,
  testServer,
  undemandingClients,
  type TestServer,
} from '@keybound/testing';
import type { AuthorizationServerOptions } from '../../server/options.schema.js';

interface Vector {
  readonly id: string;
  readonly description: string;
  readonly form: string;
  readonly expect: {
    readonly status: number;
    readonly error?: string;
    readonly token_type?: string;
    readonly boundThumbprint?: string;
    readonly alg?: string;
    readonly cnf?: object;
  };
}

const file = '../../../../../test/vectors/signed-http-request/key-distribution.json';
const { vectors } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[];
};

const requirementOf: Readonly<Record<string, string>> = {
  'KD-P1': 'KD-05',
  'KD-P2': 'KD-05',
  'KD-P3': 'KD-02',
  'KD-P4': 'KD-04',
  'KD-P5': 'KD-13',
  'KD-P6': 'KD-03 KD-13',
  'KD-P7': 'KD-07',
  'KD-N1': 'KD-06',
  'KD-N2': 'KD-13',
  'KD-N3': 'KD-13',
  'KD-N4': 'KD-17',
  'KD-N5': 'KD-14',
  'KD-N6': 'KD-04',
  'KD-N7': 'KD-15',
  'KD-N8': 'KD-13',
  'KD-N9': 'KD-17',
  'KD-N10': 'KD-17',
  'KD-N11': 'KD-03',
  'KD-N12': 'KD-11',
  'KD-N13': 'KD-11',
  'KD-N14': 'KD-12',
  'KD-N15': 'KD-15',
  'KD-N16': 'KD-24',
};

const cases = vectors.map(
  (vector) => [requirementOf[vector.id] ?? '', vector.id, vector.description, vector] as const,
);

/** One client asks for `pop` each time, the other said so once. */
const clients: AuthorizationServerOptions['clients'] = undemandingClients.flatMap((client) =>
  client.client_id === 'public-1'
    ? [
        client,
        {
          ...client,
          client_id: 'pop-1',
          metadata: { ...client.metadata, pop_bound_access_tokens: true },
        },
      ]
    : [client],
);

const vectorCode = 'SplxlOBeZQQYbYS6WxSbIA';

/** A server that has given out the code of the vectors. */
async function serverFor(clientId: string): Promise<TestServer> {
  const server = await testServer({
    clients,
    keyDistribution: { dialects: ['kd-01', 'kd-07', 'microsoft'], requireKeyProof: [] },
  });
  const redirectUri = 'https://client.example.com/cb';
  await savedCode(server.stores.grants, { clientId }, { hash: hash(vectorCode), redirectUri });
  return server;
}

function send(server: TestServer, form: string, clientId: string) {
  return server.send({
    method: 'POST',
    url: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `${form}&client_id=${clientId}`,
  });
}

async function thumbprintIn(cnf: JsonValue | undefined): Promise<JsonValue | undefined> {
  if (!isJsonObject(cnf)) return undefined;
  const jwk = parsePublicJwk(cnf['jwk']);
  return jwk.ok ? thumbprintOf(jwk.value) : cnf['kid'];
}

describe('key distribution at the token endpoint (vectors)', () => {
  it.each(cases)('%s [%s] %s', async (_requirement, id, _description, vector) => {
    const clientId = id === 'KD-P3' ? 'pop-1' : 'public-1';
    const server = await serverFor(clientId);
    const answer = await send(server, vector.form, clientId);
    const { status, error, boundThumbprint, alg, cnf } = vector.expect;
    expect({ status: answer.status, error: answer.json['error'] }).toEqual({ status, error });
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    if (status !== 200) {
      const [good] = vectors;
      expect((await send(server, good?.form ?? '', clientId)).status).toBe(200);
      return;
    }
    expect(answer.json['token_type']).toBe('pop');
    const claims = claimsIn(answer.json['access_token']);
    expect(await thumbprintIn(claims['cnf'])).toBe(boundThumbprint);
    if (alg !== undefined) expect(answer.json['alg']).toBe(alg);
    if (cnf !== undefined) expect(claims['cnf']).toEqual(cnf);
  });

  it('KD-02 [KD-P3] is refused to a client that did not register for pop tokens', async () => {
    const { form = '' } = vectors.find(({ id }) => id === 'KD-P3') ?? {};
    const answer = await send(await serverFor('public-1'), form, 'public-1');
    expect(answer.json['error']).toBe('invalid_request');
  });
});
