import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessToken, dpopProof, jwkBoundToken, signedRequest } from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { expectOAuthShape, expectRefusal } from '../support/expect-refusal.js';
import type { RawRequest } from '../support/raw-request.js';

type Fields = readonly (readonly [string, string])[];

const badProof = { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' } as const;
const badRequest = { status: 400, scheme: 'DPoP', error: 'invalid_request' } as const;
const token = await accessToken();

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

describe('A proof that was made for a host of the attacker', () => {
  const host = ['Host', 'api.example.com'] as const;
  const shapes: readonly (readonly [string, string, Fields])[] = [
    ['Host', '/orders', [['Host', 'evil.example']]],
    ['Host with a port', '/orders', [['Host', 'evil.example:443']]],
    ['X-Forwarded-Host', '/orders', [host, ['X-Forwarded-Host', 'evil.example']]],
    ['Forwarded', '/orders', [host, ['Forwarded', 'host=evil.example;proto=https']]],
    ['X-Forwarded-Server', '/orders', [host, ['X-Forwarded-Server', 'evil.example']]],
    ['X-Original-Host', '/orders', [host, ['X-Original-Host', 'evil.example']]],
    ['a target that begins with two slashes', '//evil.example/orders', [host]],
  ];

  it.each(shapes)('THR-31 OPS-01 is refused with %s', async (_name, target, fields) => {
    const proof = await dpopProof({ htu: 'https://evil.example/orders' }, {}, token);
    const headers = [...fields, ...(await underDpop(token, proof))];
    expectRefusal(await server.send({ target, headers }), badProof);
  });

  it('THR-31 is refused where X-Forwarded-Proto would fit it', async () => {
    const proof = await dpopProof({ htu: 'http://api.example.com/orders' }, {}, token);
    const headers = [['X-Forwarded-Proto', 'http'] as const, ...(await underDpop(token, proof))];
    expectRefusal(await server.send({ headers }), badProof);
  });

  const targets = [
    'http://evil.example/orders',
    'https://evil.example/orders',
    'http://api.example.com/orders',
    'https://api.example.com:8443/orders',
    'https://u:p@api.example.com/orders',
    'orders',
    '*',
  ];

  it.each(targets)('THR-31 OPS-04 answers 400 to the target %s', async (target) => {
    const proof = await dpopProof({ htu: 'https://evil.example/orders' }, {}, token);
    const response = await server.send({ target, headers: await underDpop(token, proof) });
    expect(response.status).toBe(400);
    if (response.all('content-type').length > 0) expectRefusal(response, badRequest);
  });

  it('THR-31 INV-1 never admits a target that cannot be parsed, nor fails over it', async () => {
    for (const target of [
      'http://[:::/orders',
      'http://[:::',
      'http://',
      'http:///orders',
      '?',
      ':',
    ]) {
      // Express answers 404 to some of them before any middleware runs.
      const { status } = await server.send({ target, headers: await underDpop(token) });
      expect([400, 401, 404]).toContain(status);
    }
  });

  it('THR-31 INV-6 takes the genuine proof under any Host, since the URL is configured', async () => {
    const headers = [['Host', 'evil.example'] as const, ...(await underDpop(token))];
    expect((await server.send({ headers })).status).toBe(200);
  });
});

describe('A security field that is repeated', () => {
  it('THR-22 DPOP-01 refuses two proofs, also when equal, joined or empty', async () => {
    const [one, two] = [await dpopProof({}, {}, token), await dpopProof({}, {}, token)];
    const authorization = ['Authorization', `DPoP ${token}`] as const;
    const proofs = [
      [one, two],
      [one, one],
      [`${one}, ${two}`],
      [`${one},${one}`],
      [one, ''],
      ['', one],
    ];
    for (const values of proofs) {
      const lines = values.map((value) => ['DPoP', value] as const);
      expectRefusal(await server.send({ headers: [authorization, ...lines] }), badProof);
    }
    const headers = [authorization, ['DPoP', one], ['dpop', two]] as const;
    expectRefusal(await server.send({ headers }), badProof);
    expect((await server.send({ headers: [authorization, ['DPoP', one]] })).status).toBe(200);
  });

  it('THR-22 DPOP-26 refuses two Authorization fields, in any order and letter case', async () => {
    const proof = ['DPoP', await dpopProof({}, {}, token)] as const;
    const pop = `PoP ${await signedRequest(await jwkBoundToken())}`;
    const pairs = [
      [`DPoP ${token}`, `DPoP ${token}`],
      [`DPoP ${token}`, pop],
      [pop, `DPoP ${token}`],
      [`DPoP ${token}`, 'Basic YTpi'],
      ['Basic YTpi', `DPoP ${token}`],
    ];
    for (const [first = '', second = ''] of pairs) {
      const headers = [['Authorization', first], ['AUTHORIZATION', second], proof] as const;
      expectRefusal(await server.send({ headers }), badRequest);
      expect(server.audit.events.at(-1)?.requirement).toBe('DPOP-26');
    }
    expect(
      (await server.send({ headers: [['Authorization', `DPoP ${token}`], proof] })).status,
    ).toBe(200);
  });

  it('THR-22 OPS-22 refuses two Host fields', async () => {
    const proof = await underDpop(token);
    const hosts = [
      ['Host', 'api.example.com'],
      ['Host', 'evil.example'],
    ] as const;
    const response = await server.send({ headers: [...hosts, ...proof] });
    expect(response.status).toBe(400);
    if (response.all('content-type').length > 0) expectOAuthShape(response);
    expect((await server.send({ headers: proof })).status).toBe(200);
  });
});

describe('An Authorization field that is malformed', () => {
  const dpop: readonly string[] = [
    'DPoP',
    'DPoP ',
    `DPoP\t${token}`,
    `DPoP ${token} trailing`,
    `DPoP ${token}, ${token}`,
    `DPoP "${token}"`,
    `DPoP token=${token}`,
    `DPoP ${token}\u00e9`,
    `DPoP ${token}\u00a0`,
    'DPoP ==',
  ];

  it.each(dpop)('THR-33 DPOP-21 answers 400 invalid_request: %s', async (authorization) => {
    const headers = [
      ['Authorization', authorization],
      ['DPoP', await dpopProof({}, {}, token)],
    ] as const;
    expectRefusal(await server.send({ headers }), badRequest);
  });

  const others: readonly (readonly [string, Partial<RawRequest>, number])[] = [
    ['Basic', { headers: [['Authorization', 'Basic YTpi']] }, 401],
    ['Bearer null', { headers: [['Authorization', 'Bearer null']] }, 401],
    ['Bearer undefined', { headers: [['Authorization', 'Bearer undefined']] }, 401],
    ['an empty field', { headers: [['Authorization', '']] }, 401],
    ['a token without a scheme', { headers: [['Authorization', token]] }, 401],
    ['a scheme that begins alike', { headers: [['Authorization', `DPoPX ${token}`]] }, 401],
    ['__proto__', { headers: [['Authorization', `__proto__ ${token}`]] }, 401],
    ['constructor', { headers: [['Authorization', `constructor ${token}`]] }, 401],
    ['Bearer without a token', { headers: [['Authorization', 'Bearer']] }, 400],
    ['PoP without a request', { headers: [['Authorization', 'PoP']] }, 400],
    ['PoP and two words', { headers: [['Authorization', 'PoP a b']] }, 400],
    ['non-ASCII', { headers: [['Authorization', '\u00e9\u00e9 x']] }, 401],
  ];

  it.each(others)('THR-33 answers %s as it should', async (_name, request, status) => {
    const response = await server.send(request);
    expect(response.status).toBe(status);
    expectOAuthShape(response);
  });
});
