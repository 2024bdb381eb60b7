import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  accept,
  InMemoryReplayStore,
  refuse,
  StoreUnavailableError,
  UpstreamError,
  type Rejection,
} from '@keybound/core';
import {
  T0,
  requestView,
  testEndpoint,
  testPlugIn,
  testServer,
  type RequestInput,
  type TestServer,
} from '@keybound/testing';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const rejection: Rejection = {
  code: 'test.refused',
  requirement: 'AS-273',
  rule: 'a rule',
  error: 'invalid_grant',
  detail: {
    expected: 'this',
    actual: `<b> eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.${'s'.repeat(86)}`,
  },
};
const page = { kind: 'page' } as const;

const endpoints = testPlugIn('test', {
  endpoints: [
    testEndpoint(),
    testEndpoint({ name: 'any', path: '/any', methods: ['GET', 'POST'], cors: 'none' }),
    testEndpoint({ name: 'json', path: '/json', content: 'json', methods: ['POST', 'PUT'] }),
    testEndpoint({
      name: 'metadata json',
      path: '/metadata-json',
      content: 'json',
      malformed: 'invalid_client_metadata',
    }),
    testEndpoint({ name: 'none', path: '/none', content: 'none' }),
    testEndpoint({ name: 'document', path: '/document', content: 'none', methods: ['GET'] }),
    testEndpoint({ name: 'origin', path: '/.well-known/test', below: 'origin', methods: ['GET'] }),
    testEndpoint({
      name: 'item',
      path: '/item',
      content: 'json',
      methods: ['GET', 'PUT', 'DELETE'],
      cors: 'none',
    }),
    testEndpoint({ name: 'refusing', path: '/refusing', handle: async () => refuse(rejection) }),
    testEndpoint({
      name: 'refusing page',
      path: '/refusing-page',
      methods: ['GET'],
      cors: 'none',
      surface: () => page,
      handle: async ({ query }) =>
        refuse({ ...rejection, error: query.one('error') as Rejection['error'] }),
    }),
    testEndpoint({
      name: 'down',
      path: '/down',
      handle: async () => {
        throw new StoreUnavailableError('no answer', { cause: new Error('ECONNREFUSED') });
      },
    }),
    testEndpoint({
      name: 'down page',
      path: '/down-page',
      methods: ['GET'],
      cors: 'none',
      surface: () => page,
      handle: async () => {
        throw new UpstreamError('no answer');
      },
    }),
    testEndpoint({
      name: 'broken',
      path: '/broken',
      handle: async () => {
        throw new TypeError('a bug');
      },
    }),
  ],
});

let test: TestServer;
beforeAll(async () => {
  test = await testServer({}, [endpoints]);
});

async function outcome(request: RequestInput) {
  const { events } = test.audit;
  events.length = 0;
  const { status, json, fields } = await test.send(request);
  const audited = events.map(({ kind, requirement }) => [kind, requirement]);
  return { status, error: json['error'], audited, allow: fields('allow') };
}

describe('the frame of every endpoint', () => {
  it('AS-60 hands a form on', async () => {
    const request = { method: 'POST', url: '/test', headers: form, body: 'a=1&b=2' };
    const { status, json } = await test.send(request);
    expect(status).toBe(200);
    expect(json).toEqual({
      method: 'POST',
      url: 'https://as.example.com/test',
      now: T0,
      parameters: [
        ['a', ['1']],
        ['b', ['2']],
      ],
      query: [],
    });
  });

  it('AS-01 AS-60 hands the query of a GET on as its parameters', async () => {
    const { json } = await test.send({ url: '/any?a=1' });
    expect(json['parameters']).toEqual([['a', ['1']]]);
  });

  it('AS-01 keeps query and form of a POST apart where both may come', async () => {
    const request = { method: 'POST', url: '/any?a=1', headers: form, body: 'b=2' };
    const { json } = await test.send(request);
    expect(json).toMatchObject({ parameters: [['b', ['2']]], query: [['a', ['1']]] });
  });

  it.each(['/test?', '/test?grant_type=x'])(
    'AS-60 THR-35 refuses parameters in the URL of %s',
    async (url) => {
      const request = { method: 'POST', url, headers: form, body: 'grant_type=x' };
      expect(await outcome(request)).toMatchObject({
        status: 400,
        error: 'invalid_request',
        audited: [['refused', 'AS-60']],
      });
    },
  );

  it.each(['a=%', 'a=%FF'])('THR-35 refuses the malformed query %s', async (query) => {
    expect(await outcome({ url: `/any?${query}` })).toMatchObject({
      status: 400,
      error: 'invalid_request',
      audited: [['refused', 'THR-35']],
    });
  });

  it('AS-202 knows exact paths only', async () => {
    const { server } = test;
    for (const path of ['/Test', '/test/', '//test', '/tes%74', '/x/../test', '/test;a', '/']) {
      expect(server.owns(path)).toBe(false);
      const url = `https://as.example.com${path}`;
      expect(await server.handle(accept(requestView({ method: 'POST', url })))).toBeUndefined();
    }
    expect(server.owns('/test')).toBe(true);
  });
});

describe('methods', () => {
  it.each([
    ['GET', '/test', 'POST, OPTIONS'],
    ['HEAD', '/test', 'POST, OPTIONS'],
    ['PUT', '/test', 'POST, OPTIONS'],
    ['DELETE', '/test', 'POST, OPTIONS'],
    ['PATCH', '/test', 'POST, OPTIONS'],
    ['TRACE', '/test', 'POST, OPTIONS'],
    ['QUERY', '/test', 'POST, OPTIONS'],
    ['PUT', '/any', 'GET, POST'],
    ['HEAD', '/any', 'GET, POST'],
    ['OPTIONS', '/any', 'GET, POST'],
    ['POST', '/document', 'GET, HEAD, OPTIONS'],
    ['POST', '/item', 'GET, PUT, DELETE'],
  ])('AS-01 AS-30 THR-36 refuses %s of %s', async (method, url, allow) => {
    const headers = { ...form, 'x-http-method-override': 'POST' };
    const request = { method, url, headers, body: '_method=POST' };
    const { status, fields, body } = await test.send(request);
    expect({ status, allow: fields('allow') }).toEqual({ status: 405, allow: [allow] });
    expect(fields('cache-control')).toEqual(['no-store']);
    if (method !== 'HEAD') expect(JSON.parse(body ?? '')).toEqual({ error: 'invalid_request' });
  });

  it.each(['post', 'constructor'])(
    'AS-01 THR-36 refuses %s, which Node would not let through',
    async (method) => {
      const view = requestView({ method, url: 'https://as.example.com/test', headers: form });
      expect(await test.server.handle(accept(view))).toMatchObject({
        status: 405,
        headers: expect.arrayContaining([['allow', 'POST, OPTIONS']]),
      });
    },
  );

  it('THR-36 answers HEAD where a GET shows a document, without its content', async () => {
    const { status, body } = await test.send({ method: 'HEAD', url: '/document' });
    expect({ status, body }).toEqual({ status: 200, body: undefined });
  });
});

describe('content', () => {
  const post = (
    type: string | readonly string[] | undefined,
    body: string | Uint8Array = 'a=1',
  ) => ({
    method: 'POST',
    url: '/test',
    ...(type !== undefined && { headers: { 'content-type': type } }),
    body,
  });

  it.each([
    'application/x-www-form-urlencoded',
    'Application/X-WWW-Form-Urlencoded',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded ; charset="utf-8"',
    'application/x-www-form-urlencoded; x=y',
  ])('AS-60 THR-38 takes a form as %s', async (type) => {
    expect((await test.send(post(type))).json['parameters']).toEqual([['a', ['1']]]);
  });

  it.each([
    ['JSON', 'application/json'],
    ['text', 'text/plain'],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['UTF-16', 'application/x-www-form-urlencoded; charset=utf-16'],
    ['UTF-7', 'application/x-www-form-urlencoded; charset=utf-7'],
    ['ISO 8859-1', 'application/x-www-form-urlencoded; charset=iso-8859-1'],
    ['two charsets', 'application/x-www-form-urlencoded; charset=utf-8; charset=utf-16'],
    ['a longer type', 'application/x-www-form-urlencoded+json'],
    ['nothing', ''],
    ['no type', undefined],
    ['two types', [form['content-type'], form['content-type']]],
    ['a list of types', 'application/x-www-form-urlencoded, application/json'],
  ])('AS-60 THR-38 refuses a form as %s', async (_what, type) => {
    expect(await outcome(post(type))).toMatchObject({
      status: 400,
      error: 'invalid_request',
      audited: [['refused', 'THR-38']],
    });
  });

  it('AS-60 takes no content for an empty form, even without a type', async () => {
    const { status, json } = await test.send({ method: 'POST', url: '/test' });
    expect({ status, parameters: json['parameters'] }).toEqual({ status: 200, parameters: [] });
  });

  it.each(['gzip', 'identity, gzip', 'br'])(
    'THR-37 refuses content coded by %s',
    async (coding) => {
      const headers = { ...form, 'content-encoding': coding };
      const request = { method: 'POST', url: '/test', headers, body: 'a=1' };
      expect(await outcome(request)).toMatchObject({
        status: 400,
        audited: [['refused', 'THR-37']],
      });
    },
  );

  it('THR-35 refuses a form that is not UTF-8', async () => {
    const request = post(form['content-type'], new Uint8Array([0x61, 0x3d, 0xff]));
    expect(await outcome(request)).toMatchObject({ status: 400, audited: [['refused', 'THR-35']] });
  });

  it('AS-274 takes 64 KiB and answers one octet more with 413', async () => {
    const body = `a=${'x'.repeat(65_534)}`;
    expect((await test.send(post(form['content-type'], body))).status).toBe(200);
    expect(await outcome(post(form['content-type'], `${body}x`))).toMatchObject({
      status: 413,
      error: 'invalid_request',
      audited: [['refused', 'AS-274']],
    });
  });

  it('AS-274 refuses 101 parameters', async () => {
    const body = Array.from({ length: 101 }, (_, at) => `p${at}=v`).join('&');
    expect(await outcome(post(form['content-type'], body))).toMatchObject({
      status: 400,
      error: 'invalid_request',
      audited: [['refused', 'AS-274']],
    });
  });

  it.each([
    ['too-large', 413, 'AS-274'],
    ['aborted', 400, 'THR-37'],
  ] as const)('AS-274 THR-37 answers content that is %s', async (state, status, requirement) => {
    const view = requestView({ method: 'POST', url: 'https://as.example.com/test', headers: form });
    test.audit.events.length = 0;
    const sent = accept({ ...view, content: () => Promise.resolve({ state }) });
    expect((await test.server.handle(sent))?.status).toBe(status);
    expect(test.audit.events).toMatchObject([{ kind: 'refused', requirement }]);
  });

  it.each([
    ['a form', '/test', form['content-type']],
    ['JSON', '/json', 'application/json'],
  ])('AS-17 THR-65 judges %s by the time at which all of it had come', async (_what, url, type) => {
    const { clock, server } = await testServer({}, [endpoints]);
    const absolute = `https://as.example.com${url}`;
    const view = requestView({ method: 'POST', url: absolute, headers: { 'content-type': type } });
    const slow = async () => {
      await Promise.resolve();
      clock.advance(290);
      return { state: 'captured' as const, bytes: Buffer.from(type.includes('json') ? '{}' : '') };
    };
    const answer = await server.handle(accept({ ...view, content: slow }));
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ now: T0 + 290 });
  });

  it('AS-275 fails loudly where a parser came first', async () => {
    const view = requestView({ method: 'POST', url: 'https://as.example.com/test', headers: form });
    const sent = accept({
      ...view,
      content: () => Promise.resolve({ state: 'not-captured' as const }),
    });
    await expect(test.server.handle(sent)).rejects.toThrow('before any body parser');
  });

  it('THR-38 hands a JSON object on', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const request = { method: 'PUT', url: '/json', headers, body: '{"a":[1]}' };
    expect((await test.send(request)).json).toMatchObject({ parameters: [], json: { a: [1] } });
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', '{}'],
    ['a structured suffix', 'application/scim+json', '{}'],
    ['no object', 'application/json', '[]'],
    ['nothing', 'application/json', ''],
    ['broken JSON', 'application/json', '{"a":'],
    ['a member twice', 'application/json', '{"a":1,"a":2}'],
    ['deep nesting', 'application/json', `{"a":${'['.repeat(60)}${']'.repeat(60)}}`],
  ])('THR-38 refuses %s where JSON is due', async (_what, type, body) => {
    const request = { method: 'POST', url: '/json', headers: { 'content-type': type }, body };
    expect(await outcome(request)).toMatchObject({
      status: 400,
      error: 'invalid_request',
      audited: [['refused', 'THR-38']],
    });
  });

  it('THR-38 tells of broken JSON what the endpoint says', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await outcome({ method: 'POST', url: '/metadata-json', headers, body: '{' })).toEqual({
      status: 400,
      error: 'invalid_client_metadata',
      audited: [['refused', 'THR-38']],
      allow: [],
    });
  });

  it('THR-34 keeps __proto__ a member like any other', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = '{"__proto__":{"x":1}}';
    const { json } = await test.send({ method: 'POST', url: '/json', headers, body });
    expect(Object.keys(json['json'] as object)).toEqual(['__proto__']);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('AS-60 reads no content of a GET, of a DELETE, or where none is due', async () => {
    const content = () => {
      throw new Error('read');
    };
    for (const [method, path] of [
      ['GET', '/item'],
      ['DELETE', '/item'],
      ['POST', '/none'],
    ] as const) {
      const view = requestView({ method, url: `https://as.example.com${path}` });
      expect((await test.server.handle(accept({ ...view, content })))?.status).toBe(200);
    }
  });
});

describe('CORS', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'dpop, authorization, content-type',
    },
  };

  it('AS-79 DPOP-35 THR-77 answers a preflight of an open endpoint, without credentials', async () => {
    const { status, body, fields } = await test.send({ ...preflight, url: '/test' });
    expect({ status, body }).toEqual({ status: 204, body: undefined });
    expect(fields('access-control-allow-origin')).toEqual(['*']);
    expect(fields('access-control-allow-methods')).toEqual(['POST']);
    const allowed = fields('access-control-allow-headers').join().toLowerCase().split(', ');
    expect(allowed.sort()).toEqual(['authorization', 'content-type', 'dpop']);
    expect(fields('access-control-allow-credentials')).toEqual([]);
  });

  it.each(['/test', '/refusing', '/down', '/test?query', '/document'])(
    'AS-79 DPOP-35 THR-77 lets any origin read every answer of %s',
    async (url) => {
      for (const method of ['POST', 'GET']) {
        const headers = { ...form, origin: 'https://app.example' };
        const { fields } = await test.send({ method, url, headers, body: 'a=1' });
        expect(fields('access-control-allow-origin')).toEqual(['*']);
        const exposed = fields('access-control-expose-headers').join();
        expect(exposed).toContain('DPoP-Nonce');
        expect(exposed).toContain('WWW-Authenticate');
        expect(fields('access-control-allow-credentials')).toEqual([]);
      }
    },
  );

  it('AS-01 AS-79 THR-77 gives no field to other origins where an endpoint has none', async () => {
    for (const request of [
      { ...preflight, url: '/any' },
      { url: '/any', headers: { origin: 'https://app.example' } },
      { url: '/refusing-page?error=access_denied', headers: { origin: 'https://app.example' } },
      { url: '/down-page', headers: { origin: 'null' } },
    ]) {
      const { headers, status } = await test.send(request);
      expect(status).not.toBe(204);
      expect(headers.filter(([name]) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('refusals and faults', () => {
  const asked = { method: 'POST', headers: form, body: 'a=1&client_id=client-1' };

  it('AS-61 AS-62 AS-273 INV-4 INV-8 answers a refusal, and tells the operator once', async () => {
    test.audit.events.length = 0;
    const { status, json, fields } = await test.send({ ...asked, url: '/refusing' });
    expect({ status, json }).toEqual({ status: 400, json: { error: 'invalid_grant' } });
    expect(fields('content-type')).toEqual(['application/json']);
    expect(fields('cache-control')).toEqual(['no-store']);
    expect(test.audit.events).toEqual([
      {
        kind: 'refused',
        code: 'test.refused',
        requirement: 'AS-273',
        rule: 'a rule',
        expected: 'this',
        actual: '<b> [redacted]',
        method: 'POST',
        path: '/refusing',
        clientId: 'client-1',
        remoteAddress: '127.0.0.1',
      },
    ]);
  });

  it('AS-273 INV-4 tells the peer why only where it is told to explain', async () => {
    const explaining = await testServer({ explain: true }, [endpoints]);
    const { json } = await explaining.send({ ...asked, url: '/refusing' });
    expect(json['error_description']).toMatch(/^AS-273 test\.refused; [ -!#-[\]-~]+$/);
    expect(json['error_description']).not.toContain('eyJ');
  });

  it('AS-16 THR-39 THR-79 THR-86 shows a page where a person looks', async () => {
    const explaining = await testServer({ explain: true }, [endpoints]);
    const { status, body, fields } = await explaining.send({
      url: '/refusing-page?error=invalid_request',
    });
    expect(status).toBe(400);
    expect(fields('content-type')).toEqual(['text/html; charset=utf-8']);
    expect(fields('content-security-policy').join()).toContain("default-src 'none'");
    expect(fields('content-security-policy').join()).toContain("frame-ancestors 'none'");
    expect(fields('x-frame-options')).toEqual(['DENY']);
    expect(fields('x-content-type-options')).toEqual(['nosniff']);
    expect(fields('referrer-policy')).toEqual(['no-referrer']);
    expect(fields('cache-control')).toEqual(['no-store']);
    expect(fields('location')).toEqual([]);
    expect(body).toContain('actual &lt;b&gt;');
    expect(body).not.toContain('<b>');
  });

  it.each([
    ['invalid_client', 400],
    ['invalid_request_uri', 400],
    ['too_many_requests', 429],
    ['forbidden', 403],
  ])('AS-16 answers %s on a page with %i and no challenge', async (error, expected) => {
    const { status, fields } = await test.send({ url: `/refusing-page?error=${error}` });
    expect({ status, challenges: fields('www-authenticate') }).toEqual({
      status: expected,
      challenges: [],
    });
  });

  it('AS-271 INV-8 answers 503 while a store is down, and tells the operator once', async () => {
    test.audit.events.length = 0;
    const { status, json, fields } = await test.send({ ...asked, url: '/down' });
    expect({ status, json }).toEqual({ status: 503, json: { error: 'temporarily_unavailable' } });
    expect(fields('retry-after')).toEqual(['5']);
    expect(fields('cache-control')).toEqual(['no-store']);
    expect(test.audit.events).toMatchObject([
      { kind: 'fault', code: 'StoreUnavailableError', actual: 'no answer (ECONNREFUSED)' },
    ]);
  });

  it('AS-271 AS-16 shows a page while another server is down', async () => {
    const { status, fields, body } = await test.send({ url: '/down-page' });
    expect({ status, retry: fields('retry-after') }).toEqual({ status: 503, retry: ['5'] });
    expect(fields('x-frame-options')).toEqual(['DENY']);
    expect(body).toContain('try again');
  });

  it('INV-9 takes a bug for neither a refusal nor a fault', async () => {
    await expect(test.send({ ...asked, url: '/broken' })).rejects.toThrow('a bug');
  });

  it('AS-273 refuses a request whose URL is not certain', async () => {
    test.audit.events.length = 0;
    const unreadable = refuse({ ...rejection, error: 'invalid_request' as const });
    expect((await test.server.handle(unreadable))?.status).toBe(400);
    expect(test.audit.events).toHaveLength(1);
  });
});

describe('what is used up', () => {
  const use = (digest: number) => ({
    spend: { digest: new Uint8Array(32).fill(digest), since: T0, until: T0, kind: 'test' },
    replayed: { ...rejection, code: `test.${digest}.replayed` },
  });

  it('INV-9 claims all or none, and refuses a replay as its use says', async () => {
    const { server, clock } = await testServer({ replay: { store: new InMemoryReplayStore() } });
    const request = { now: clock.now() } as never;
    const { services } = server;
    expect((await services.spend([use(1), use(2)], request)).ok).toBe(true);
    expect(await services.spend([use(3), use(2)], request)).toMatchObject({
      ok: false,
      failure: { code: 'test.2.replayed' },
    });
    expect((await services.spend([use(3)], request)).ok).toBe(true);
  });

  it('INV-9 claims once what serves two purposes in one request', async () => {
    const { server, clock } = await testServer();
    const request = { now: clock.now() } as never;
    expect((await server.services.spend([use(1), use(1)], request)).ok).toBe(true);
    expect((await server.services.spend([], request)).ok).toBe(true);
  });
});
