import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accessToken,
  clientKey,
  dpopProof,
  jwkBoundToken,
  publicPart,
  scene,
  signedRequest,
} from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { parseChallenges } from '../support/challenges.js';
import type { RawRequest } from '../support/raw-request.js';

/** Scheme and error of each challenge, in order. */
async function offered(server: AttackedServer, request: Partial<RawRequest>) {
  const response = await server.send(request);
  const challenges = parseChallenges(response.all('www-authenticate'));
  return {
    status: response.status,
    challenges: challenges.map(({ scheme, parameters }) => [scheme, parameters['error'] ?? null]),
  };
}

describe('challenges of a resource that takes bound tokens only', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await attackedServer();
  });
  afterAll(() => server.close());

  const unoffered = [
    ['PoP', null],
    ['DPoP', null],
  ];

  it.each([
    ['nothing', []],
    ['a scheme that nobody here speaks', [['Authorization', 'Basic YTpi']]],
    ['Proxy-Authorization alone', [['Proxy-Authorization', 'DPoP abc']]],
    ['a proof without a token', [['DPoP', 'abc']]],
  ] as const)(
    'RS-01 RS-02 DPOP-44 DPOP-23 offers both without an error after %s',
    async (_what, headers) => {
      expect(await offered(server, { headers })).toEqual({ status: 401, challenges: unoffered });
    },
  );

  it('DPOP-24 puts the error of a bound token under Bearer into the DPoP challenge', async () => {
    const headers = [['Authorization', `Bearer ${await accessToken()}`]] as const;
    expect(await offered(server, { headers })).toEqual({
      status: 401,
      challenges: [
        ['PoP', null],
        ['DPoP', 'invalid_token'],
      ],
    });
  });

  it('SHR-29 refuses a token bound by cnf.jwk under Bearer', async () => {
    const headers = [['Authorization', `Bearer ${await jwkBoundToken()}`]] as const;
    expect((await offered(server, { headers })).status).toBe(401);
    expect(server.audit.events.at(-1)?.requirement).toBe('SHR-29');
  });

  it('RS-42 refuses a valid unbound token, and offers only methods that prove a key', async () => {
    const headers = [['Authorization', `Bearer ${await accessToken({ cnf: undefined })}`]] as const;
    expect(await offered(server, { headers })).toEqual({
      status: 401,
      challenges: [
        ['PoP', null],
        ['DPoP', 'invalid_token'],
      ],
    });
  });

  it('sends the PoP challenge alone after a request under PoP', async () => {
    const headers = [['Authorization', `PoP ${await signedRequest('no token')}`]] as const;
    expect(await offered(server, { headers })).toEqual({
      status: 401,
      challenges: [['PoP', 'invalid_token']],
    });
  });

  it.each([
    ['Bearer without a token', 'Bearer', 'RS-08'],
    ['Bearer with a list', 'Bearer a,b', 'RS-08'],
    ['Bearer with two words', 'Bearer a b', 'RS-08'],
    ['DPoP without a token', 'DPoP', 'DPOP-21'],
    ['DPoP with two words', 'DPoP a b', 'DPOP-21'],
    ['DPoP with a list', 'DPoP a,b', 'DPOP-21'],
    ['PoP without a request', 'PoP', 'SHR-16'],
    ['a tab after the scheme', 'DPoP\tabc', 'DPOP-21'],
  ])('RS-08 DPOP-21 SHR-16 answers 400 to %s', async (_what, authorization, requirement) => {
    const { status } = await offered(server, { headers: [['Authorization', authorization]] });
    expect(status).toBe(400);
    expect(server.audit.events.at(-1)).toMatchObject({
      code: 'credentials.malformed',
      requirement,
    });
  });

  it.each([
    ['a token in the query', { target: '/orders?access_token=abc' }],
    ['a token in an escaped parameter', { target: '/orders?%61ccess_token=abc' }],
    [
      'a token in a form',
      {
        method: 'POST',
        headers: [['Content-Type', 'application/x-www-form-urlencoded']] as const,
        body: Buffer.from('access_token=abc'),
      },
    ],
  ])('RS-06 RS-07 DPOP-27 answers 400 to %s', async (_what, request) => {
    expect(await offered(server, request)).toEqual({
      status: 400,
      challenges: [
        ['PoP', 'invalid_request'],
        ['DPoP', 'invalid_request'],
      ],
    });
  });

  it('RS-07 DPOP-26 answers 400 to a token in the field and another in the query', async () => {
    const headers = await underDpop(await accessToken());
    expect((await offered(server, { target: '/orders?access_token=abc', headers })).status).toBe(
      400,
    );
  });

  it('RS-43 marks every refusal no-store and says in JSON what went wrong', async () => {
    const response = await server.send({
      headers: [['Authorization', `DPoP ${await accessToken()}`]],
    });
    expect(response.all('cache-control')).toEqual(['no-store']);
    expect(response.all('content-type')).toEqual(['application/json']);
    expect(JSON.parse(response.body)).toEqual({ error: 'invalid_dpop_proof' });
  });
});

describe('challenges of a resource that also takes unbound tokens', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await attackedServer({ unboundTokens: 'accepted' });
  });
  afterAll(() => server.close());

  it('RS-04 gives the Bearer challenge, last, a parameter', async () => {
    const response = await server.send({});
    const challenges = parseChallenges(response.all('www-authenticate'));
    expect(challenges.map(({ scheme }) => scheme)).toEqual(['PoP', 'DPoP', 'Bearer']);
    expect(challenges[2]?.parameters).toEqual({ realm: scene.resource });
    for (const { names } of challenges) expect(new Set(names).size).toBe(names.length);
  });

  it('OPS-25 admits an unbound token under Bearer, and no bound one', async () => {
    const unbound = await accessToken({ cnf: undefined });
    const bearer = (token: string) => ({
      headers: [['Authorization', `Bearer ${token}`]] as const,
    });
    expect((await server.send(bearer(unbound))).status).toBe(200);
    expect(await offered(server, bearer(await accessToken()))).toEqual({
      status: 401,
      challenges: [
        ['PoP', null],
        ['DPoP', null],
        ['Bearer', 'invalid_token'],
      ],
    });
  });

  it('DPOP-25 puts the error of Bearer with a proof into both challenges', async () => {
    const token = await accessToken({ cnf: undefined });
    const headers = [
      ['Authorization', `Bearer ${token}`],
      ['DPoP', await dpopProof({}, {}, token)],
    ] as const;
    expect(await offered(server, { headers })).toEqual({
      status: 400,
      challenges: [
        ['PoP', null],
        ['DPoP', 'invalid_request'],
        ['Bearer', 'invalid_request'],
      ],
    });
  });

  it.each([
    ['an empty cnf', {}],
    ['a cnf that nobody knows', { osc: {} }],
    ['a cnf that is text', 'x'],
    ['a cnf that is a list', []],
    ['a null cnf', null],
  ])('CNF-01 CNF-03 CNF-14 refuses a token with %s under Bearer', async (_what, cnf) => {
    const headers = [['Authorization', `Bearer ${await accessToken({ cnf })}`]] as const;
    expect((await offered(server, { headers })).status).toBe(401);
  });
});

describe('challenges with metadata and explanations', () => {
  it('RS-34 OPS-27 names the metadata, verbatim, in every challenge', async () => {
    const resourceMetadata = 'https://api.example.com/.well-known/oauth-protected-resource/Svc1/';
    const server = await attackedServer({ resourceMetadata, unboundTokens: 'accepted' });
    const response = await server.send({});
    for (const { parameters } of parseChallenges(response.all('www-authenticate'))) {
      expect(parameters['resource_metadata']).toBe(resourceMetadata);
    }
    await server.close();
  });

  it('RS-05 explains, where told to, without a character that the grammar forbids', async () => {
    const server = await attackedServer({ explain: true });
    const token = await accessToken();
    const htu = 'https://evil.example/"\\,=é\n';
    const headers = await underDpop(token, await dpopProof({ htu }, {}, token));
    const response = await server.send({ headers });
    const description = (JSON.parse(response.body) as { error_description: string })
      .error_description;
    expect(description).toMatch(/^DPOP-09 dpop\.htu; /);
    expect(description).toMatch(/^[ !#-+\--<>-[\]-~]+$/);
    await server.close();
  });

  it('SHR-21 CNF-16 takes the key from cnf alone, and only for what it is meant for', async () => {
    const server = await attackedServer();
    const under = async (jwk: object) => {
      const token = await jwkBoundToken({ cnf: { jwk } });
      return server.send({ headers: [['Authorization', `PoP ${await signedRequest(token)}`]] });
    };
    const key = publicPart(clientKey);
    expect((await under({ ...key, use: 'sig', key_ops: ['verify'], alg: 'ES256' })).status).toBe(
      200,
    );
    for (const restricted of [{ use: 'enc' }, { key_ops: ['encrypt'] }, { alg: 'ES384' }]) {
      expect((await under({ ...key, ...restricted })).status).toBe(401);
    }
    await server.close();
  });
});
