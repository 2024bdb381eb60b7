import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessToken, dpopProof, jwkBoundToken, signedRequest } from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { expectOAuthShape, expectRefusal } from '../support/expect-refusal.js';
import type { RawRequest } from '../support/raw-request.js';

const badProof = { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' } as const;
const badToken = { status: 401, scheme: 'PoP', error: 'invalid_token' } as const;
const token = await accessToken();
const bound = await jwkBoundToken();

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

const htus: readonly (readonly [string, string])[] = [
  ['another host', 'https://api.example.org/orders'],
  ['a longer host', 'https://api.example.com.evil.example/orders'],
  ['another port', 'https://api.example.com:8443/orders'],
  ['another scheme', 'http://api.example.com/orders'],
  ['another path', 'https://api.example.com/items'],
  ['another letter case', 'https://api.example.com/Orders'],
  ['a trailing slash', 'https://api.example.com/orders/'],
  ['an empty segment', 'https://api.example.com//orders'],
  ['an escaped slash', 'https://api.example.com%2Forders'],
  ['an escaped NUL', 'https://api.example.com/orders%00'],
  ['a path parameter', 'https://api.example.com/orders;v=1'],
  ['user information', 'https://api.example.com@evil.example/orders'],
  ['user information before our host', 'https://u:p@api.example.com/orders'],
  ['a backslash', 'https://api.example.com\\orders'],
  ['no scheme', '//api.example.com/orders'],
  ['no slashes', 'https:api.example.com/orders'],
  ['nothing', ''],
  ['a blank in front', ' https://api.example.com/orders'],
  ['a blank behind', 'https://api.example.com/orders '],
  ['a tab inside', 'https://api.example.com/or\tders'],
  ['a line break inside', 'https://api.example.com/or\nders'],
  ['a control character', 'https://api.example.com/orders\u0001'],
  ['a fullwidth letter', 'https://api.example.com/ｏrders'],
  ['a trailing dot in the host', 'https://api.example.com./orders'],
];

describe('A proof made for another request', () => {
  it.each(htus)('THR-26 DPOP-09 is refused: htu with %s', async (_name, htu) => {
    const jti = crypto.randomUUID();
    const claims = server.store.claims;
    const response = await server.send({
      headers: await underDpop(token, await dpopProof({ jti, htu }, {}, token)),
    });
    expectRefusal(response, badProof);
    expect(server.audit.events.at(-1)).toMatchObject({ code: 'dpop.htu', requirement: 'DPOP-09' });
    expect(server.store.claims).toBe(claims);
    const headers = await underDpop(token, await dpopProof({ jti }, {}, token));
    expect((await server.send({ headers })).status).toBe(200);
  });

  const sent: readonly (readonly [string, Partial<RawRequest>])[] = [
    ['POST', { method: 'POST' }],
    ['HEAD', { method: 'HEAD' }],
    ['PUT', { method: 'PUT' }],
    ['QUERY', { method: 'QUERY' }],
    ['a trailing slash', { target: '/orders/' }],
    ['capital letters', { target: '/ORDERS' }],
    ['an empty segment', { target: '//orders' }],
    ['an escaped slash', { target: '/orders%2F' }],
    ['a path parameter', { target: '/orders;x' }],
    ['a backslash', { target: '/orders\\' }],
  ];

  it.each(sent)('THR-26 THR-32 THR-36 is refused: sent as %s', async (name, request) => {
    const proof = await dpopProof({}, {}, token);
    const response = await server.send({ ...request, headers: await underDpop(token, proof) });
    if (name === 'HEAD') expect(response.status).toBe(401);
    else expectRefusal(response, badProof);
    expect((await server.send({ headers: await underDpop(token, proof) })).status).toBe(200);
  });

  it('THR-36 takes the method from the wire, whatever fields and parameters say', async () => {
    const proof = await dpopProof({ htm: 'DELETE' }, {}, token);
    const override = [
      ['X-HTTP-Method-Override', 'DELETE'],
      ['X-HTTP-Method', 'DELETE'],
      ['X-Method-Override', 'DELETE'],
    ] as const;
    const headers = [...(await underDpop(token, proof)), ...override];
    expectRefusal(await server.send({ target: '/orders?_method=DELETE', headers }), badProof);
    expectRefusal(await server.send({ method: 'POST', headers }), badProof);
    expect(server.audit.events.at(-1)).toMatchObject({ code: 'dpop.htm', requirement: 'DPOP-08' });
  });

  it.each(['get', 'GET ', 'Get', 'GETT', ''])('THR-36 compares htm literally: %j', async (htm) => {
    const headers = await underDpop(token, await dpopProof({ htm }, {}, token));
    expectRefusal(await server.send({ headers }), badProof);
  });

  it('THR-32 ignores fields that rewrite the target', async () => {
    const proof = await dpopProof({ htu: 'https://api.example.com/admin' }, {}, token);
    const rewriting = [
      ['X-Original-URL', '/admin'],
      ['X-Rewrite-URL', '/admin'],
    ] as const;
    const headers = [...(await underDpop(token, proof)), ...rewriting];
    expectRefusal(await server.send({ headers }), badProof);
  });
});

describe('A request without a token', () => {
  const spellings = [
    ...[
      '/orders',
      '//orders',
      '/./orders',
      '/%2e/orders',
      '/orders/.',
      '/x/../orders',
      '/x/..%2forders',
    ],
    ...[
      '/orders;a=b',
      '/ORDERS',
      '/orders/',
      '/..;/orders',
      '/%6Frders',
      '/orders%00',
      '/orders%20',
      '\\orders',
    ],
    ...[
      '/orders?',
      '/orders#',
      '*',
      'https://api.example.com/orders',
      '/orders%',
      '/%zz',
      '/..',
      '/',
    ],
  ];

  it.each(spellings)('THR-32 THR-20 never gets through as %s', async (target) => {
    const response = await server.send({ target });
    expect([400, 401, 404]).toContain(response.status);
    // What Node's own parser refuses never reaches us.
    if (response.all('content-type').length > 0) expectOAuthShape(response);
  });
});

describe('A signed HTTP request made for another request', () => {
  const flaws: readonly (readonly [string, object, string])[] = [
    ['another method', { m: 'POST' }, 'shr.m SHR-03'],
    ['the method in lower case', { m: 'get' }, 'shr.m SHR-03'],
    ['another host', { u: 'evil.example' }, 'shr.u SHR-04'],
    ['another port', { u: 'api.example.com:8443' }, 'shr.u SHR-04'],
    ['a URL for the host', { u: 'https://api.example.com' }, 'shr.u SHR-04'],
    ['user information', { u: 'x@api.example.com' }, 'shr.u SHR-04'],
    ['a host in a list', { u: ['api.example.com'] }, 'shr.u SHR-04'],
    ['another path', { p: '/items' }, 'shr.p SHR-05'],
    ['a trailing slash', { p: '/orders/' }, 'shr.p SHR-05'],
    ['dot segments', { p: '/x/../orders' }, 'shr.p SHR-05'],
    ['an escaped letter', { p: '/%6Frders' }, 'shr.p SHR-05'],
    ['the path with its query', { p: '/orders?' }, 'shr.p SHR-05'],
    ['a parameter that is not there', { q: [['a'], 'x'] }, 'shr.q SHR-09'],
    ['a field that is not there', { h: [['x-a'], 'x'] }, 'shr.h SHR-09'],
    ['content that is not there', { b: 'x' }, 'shr.b SHR-12'],
    [
      '800 names',
      { q: [Array.from({ length: 800 }, (_, at) => `n${String(at)}`), 'x'] },
      'shr.q SHR-13',
    ],
    ['Authorization among the fields', { h: [['authorization'], 'x'] }, 'shr.h SHR-11'],
    ['a time in milliseconds', { ts: 1_800_000_000_000 }, 'shr.ts SHR-26'],
    ['a time as text', { ts: '1800000000' }, 'shr.ts SHR-02'],
  ];

  it.each(flaws)('THR-47 THR-26 is refused: %s', async (_name, flaw, code) => {
    const claims = server.store.claims;
    const nonce = crypto.randomUUID();
    const send = async (members: object) =>
      server.send({
        headers: [['Authorization', `PoP ${await signedRequest(bound, { nonce, ...members })}`]],
      });
    expectRefusal(await send(flaw), badToken);
    const event = server.audit.events.at(-1);
    expect(`${String(event?.code)} ${String(event?.requirement)}`).toBe(code);
    expect(server.store.claims).toBe(claims);
    expect((await send({})).status).toBe(200);
  });

  it('THR-47 is refused when nested in another one', async () => {
    const inner = await signedRequest(bound);
    const headers = [['Authorization', `PoP ${await signedRequest(inner)}`]] as const;
    expectRefusal(await server.send({ headers }), badToken);
  });
});
