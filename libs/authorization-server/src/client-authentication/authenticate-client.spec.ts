import { describe, expect, it } from '@jest/globals';
import {
  accept,
  authorizationServerPlugIn,
  refuse,
  signCompactJws,
  StoreUnavailableError,
  type Rejection,
} from '@keybound/core';
import {
  clientKey,
  clientSecret,
  hash,
  otherKey,
  scene,
  signerFor,
  T0,
  testClients,
  testServer,
  thumbprint,
  type TestKey,
  type TestServer,
} from '@keybound/testing';
import { jsonAnswer } from '../endpoint/answers.js';
import type { ClientAuthenticationMethod } from '../extension/client-authentication.js';
import type { AuthorizationServerPlugIn, Extensions } from '../extension/plug-in.js';
import type { ClientRecord } from '../storage/client-store.js';
import { clientEndpointSurface } from './endpoint-surface.js';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** An endpoint that authenticates, spends, and says who it was. */
function probe(more: Extensions = {}): AuthorizationServerPlugIn {
  return {
    [authorizationServerPlugIn]: true,
    name: 'probe',
    extend: (services) => ({
      ...more,
      endpoints: [
        {
          name: 'probe',
          below: 'issuer',
          path: '/probe',
          methods: ['POST'],
          content: 'form',
          cors: 'none',
          surface: (view) => clientEndpointSurface(services, view),
          handle: async (request) => {
            const who = await services.authenticateClient(request, 'probe');
            if (!who.ok) return who;
            const { client, authentication } = who.value;
            const spent = await services.spend(authentication.uses, request);
            if (!spent.ok) return spent;
            const { method, confidential, provenKeys } = authentication;
            return accept(
              jsonAnswer(200, { client_id: client.id, method, confidential, provenKeys }),
            );
          },
        },
      ],
    }),
  };
}

type Form = Readonly<Record<string, string>> | string;

function send({ send }: TestServer, form: Form, headers: Readonly<Record<string, string>> = {}) {
  return send({
    method: 'POST',
    url: '/probe',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

function basic(id: string, secret: string) {
  const text = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

async function assertion(flaw: Readonly<Record<string, unknown>> = {}, key: TestKey = clientKey) {
  const claims = {
    iss: 'client-1',
    sub: 'client-1',
    aud: scene.issuer,
    jti: crypto.randomUUID(),
    iat: T0,
    exp: T0 + 60,
    ...flaw,
  };
  return {
    client_assertion_type: assertionType,
    client_assertion: await signCompactJws(
      { typ: 'client-authentication+jwt' },
      claims,
      await signerFor(key),
    ),
  };
}

const refusedClient = { status: 401, json: { error: 'invalid_client' } };
const refusedRequest = { status: 400, json: { error: 'invalid_request' } };

describe('authenticateClient', () => {
  it('AS-80 AS-82 takes a secret in the Authorization field', async () => {
    const server = await testServer({}, [probe()]);
    expect(await send(server, {}, basic('secret-1', clientSecret))).toMatchObject({
      status: 200,
      json: { client_id: 'secret-1', method: 'client_secret_basic', confidential: true },
    });
  });

  it('AS-82 takes a secret in the form', async () => {
    const [first] = testClients;
    const metadata = {
      ...first?.metadata,
      token_endpoint_auth_method: 'client_secret_post',
    };
    const secrets = ['old-secret-0123456789abcdef012345', 'new-secret-0123456789abcdef012345'];
    const clients = [{ client_id: 'post-1', metadata, secrets }];
    const server = await testServer({ clients }, [probe()]);
    for (const client_secret of secrets) {
      const answer = await send(server, { client_id: 'post-1', client_secret });
      expect(answer).toMatchObject({ status: 200, json: { method: 'client_secret_post' } });
    }
    const wrong = await send(server, { client_id: 'post-1', client_secret: 'older-secret' });
    expect(wrong).toMatchObject(refusedClient);
    expect(await send(server, { client_secret: secrets[0] ?? '' })).toMatchObject(refusedClient);
  });

  it('AS-83 takes an assertion, and says which key was shown', async () => {
    const server = await testServer({}, [probe()]);
    expect(await send(server, await assertion())).toMatchObject({
      status: 200,
      json: {
        client_id: 'client-1',
        method: 'private_key_jwt',
        provenKeys: [thumbprint(clientKey)],
      },
    });
  });

  it('AS-80 takes the name of a public client', async () => {
    const server = await testServer({}, [probe()]);
    expect(await send(server, { client_id: 'public-1' })).toMatchObject({
      status: 200,
      json: { client_id: 'public-1', method: 'none', confidential: false },
    });
  });

  it('AS-80 AS-62 refuses a request in which nobody says who it is', async () => {
    const server = await testServer({}, [probe()]);
    const answer = await send(server, {});
    expect(answer).toMatchObject(refusedClient);
    expect(answer.fields('www-authenticate')).toEqual([]);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
  });

  it('AS-62 challenges whoever used the Authorization field, and nobody else', async () => {
    const server = await testServer({}, [probe()]);
    const challenge = [`Basic realm="${scene.issuer}"`];
    for (const header of [
      basic('secret-1', 'wrong'),
      basic('nobody', clientSecret),
      { authorization: 'Basic !!!' },
      { authorization: 'Bearer abc' },
    ]) {
      const answer = await send(server, {}, header);
      expect(answer).toMatchObject(refusedClient);
      expect(answer.fields('www-authenticate')).toEqual(challenge);
    }
    const form = await send(server, { client_id: 'secret-1', client_secret: 'wrong' });
    expect(form).toMatchObject(refusedClient);
    expect(form.fields('www-authenticate')).toEqual([]);
  });

  const credentials = {
    Basic: { form: {}, headers: basic('secret-1', clientSecret) },
    form: { form: { client_id: 'secret-1', client_secret: clientSecret }, headers: {} },
  };

  it('AS-81 THR-41 refuses two methods at once, right or wrong', async () => {
    const server = await testServer({}, [probe()]);
    const jwt = await assertion();
    const pairs = [
      [credentials.form.form, credentials.Basic.headers],
      [jwt, credentials.Basic.headers],
      [{ ...jwt, ...credentials.form.form }, {}],
      [{ ...credentials.form.form, client_assertion: 'x' }, {}],
      [credentials.form.form, { authorization: 'Basic !!!' }],
    ] as const;
    for (const [form, headers] of pairs) {
      expect(await send(server, form, headers)).toMatchObject(refusedRequest);
    }
  });

  it('THR-41 refuses a credential that comes twice', async () => {
    const server = await testServer({}, [probe()]);
    for (const name of ['client_id', 'client_secret', 'client_assertion']) {
      expect(await send(server, `client_id=public-1&${name}=a&${name}=b`)).toMatchObject(
        refusedRequest,
      );
    }
    const field = ['authorization', basic('secret-1', clientSecret).authorization] as const;
    const type = ['content-type', 'application/x-www-form-urlencoded'] as const;
    const headers = [type, field, field];
    const twice = await server.send({ method: 'POST', url: '/probe', headers });
    expect(twice).toMatchObject(refusedRequest);
  });

  it('AS-81 refuses another method than the registered one', async () => {
    const server = await testServer({}, [probe()]);
    const asOther = { iss: 'secret-1', sub: 'secret-1' };
    for (const [form, headers] of [
      [{ client_id: 'secret-1', client_secret: clientSecret }, {}],
      [{ client_id: 'secret-1' }, {}],
      [{ client_id: 'client-1' }, {}],
      [{ client_id: 'client-1', client_secret: clientSecret }, {}],
      [{ client_id: 'public-1', client_secret: clientSecret }, {}],
      [{}, basic('client-1', clientSecret)],
      [{}, basic('public-1', clientSecret)],
      [await assertion(asOther), {}],
      [{ client_id: 'public-1' }, { authorization: 'Bearer abc' }],
    ] as const) {
      expect(await send(server, form, headers)).toMatchObject(refusedClient);
    }
  });

  it('AS-81 THR-41 refuses a client_id that is not the credential’s', async () => {
    const server = await testServer({}, [probe()]);
    const other = { client_id: 'public-1' };
    expect(await send(server, other, basic('secret-1', clientSecret))).toMatchObject(refusedClient);
    expect(await send(server, { ...other, ...(await assertion()) })).toMatchObject(refusedClient);
    const same = { client_id: 'secret-1' };
    expect(await send(server, same, basic('secret-1', clientSecret))).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['wrong', 'secret-1-0123456789abcdef0123456789abcdeg'],
    ['shorter', clientSecret.slice(1)],
    ['its hash', hash(clientSecret)],
    ['very long', 'x'.repeat(5_000)],
  ])('AS-82 THR-41 refuses a secret that is %s', async (_, secret) => {
    const server = await testServer({}, [probe()]);
    expect(await send(server, {}, basic('secret-1', secret))).toMatchObject(refusedClient);
  });

  it('THR-41 takes brackets for part of a name, so that a secret in a list is none', async () => {
    const server = await testServer({}, [probe()]);
    const form = { client_id: 'secret-1', 'client_secret[]': clientSecret };
    expect(await send(server, form)).toMatchObject(refusedClient);
    const empty = { client_id: 'secret-1', client_secret: '' };
    expect(await send(server, empty)).toMatchObject(refusedClient);
  });

  it('AS-82 refuses a secret from the moment on at which it expires', async () => {
    const server = await testServer({}, [probe()]);
    await server.stores.clients.add({
      ...registered,
      secrets: [{ hash: hash('s'.repeat(43)), expiresAt: T0 + 1 } as ClientRecord['secrets'][0]],
    });
    const headers = basic(registered.id, 's'.repeat(43));
    expect(await send(server, {}, headers)).toMatchObject({ status: 200 });
    server.clock.advance(1);
    expect(await send(server, {}, headers)).toMatchObject(refusedClient);
  });

  it('AS-91 INV-7 answers for unknown clients exactly as for wrong secrets', async () => {
    const server = await testServer({}, [probe()]);
    const answers = await Promise.all([
      send(server, {}, basic('secret-1', 'wrong')),
      send(server, {}, basic('nobody', 'wrong')),
      send(server, {}, basic('client-1', 'wrong')),
      send(server, {}, basic('public-1', 'wrong')),
    ]);
    const seen = answers.map(({ status, headers, body }) => ({ status, headers, body }));
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('INV-7 tells the operator alone why an assertion was refused', async () => {
    const server = await testServer({}, [probe()]);
    const codes: string[] = [];
    for (const [claims, key] of [
      [{}, otherKey],
      [{ iss: 'nobody', sub: 'nobody' }, otherKey],
      [{ iss: 'secret-1', sub: 'secret-1' }, otherKey],
    ] as const) {
      expect(await send(server, await assertion(claims, key))).toMatchObject(refusedClient);
      codes.push(server.audit.events.at(-1)?.code ?? '');
    }
    expect(codes).toEqual([
      'client_assertion.signature',
      'client.unknown',
      'client_authentication.method',
    ]);
  });
});

const registered: ClientRecord = {
  id: 'client_registered',
  version: 1,
  metadata: {
    redirect_uris: ['https://client.example/cb'],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    application_type: 'web',
    token_endpoint_auth_method: 'client_secret_basic',
    subject_type: 'public',
    id_token_signed_response_alg: 'RS256',
    require_signed_request_object: false,
    require_pushed_authorization_requests: false,
    require_auth_time: false,
    dpop_bound_access_tokens: true,
    pop_bound_access_tokens: false,
    extensions: {},
  },
  secrets: [{ hash: hash('s'.repeat(43)), expiresAt: undefined }],
  registrationTokenHash: hash('reg_x'),
  standing: 'unverified',
  createdAt: T0,
  unusedExpiresAt: (T0 + 10) as typeof T0,
};

describe('clients that registered themselves', () => {
  const right = basic(registered.id, 's'.repeat(43));

  it('AS-216 stay once they have authenticated', async () => {
    const server = await testServer({}, [probe()]);
    await server.stores.clients.add(registered);
    expect(await send(server, {}, right)).toMatchObject({ status: 200 });
    server.clock.advance(1_000_000);
    expect(await send(server, {}, right)).toMatchObject({ status: 200 });
  });

  it('AS-216 go when nobody authenticated in time; a wrong secret is no use', async () => {
    const server = await testServer({}, [probe()]);
    await server.stores.clients.add(registered);
    const wrong = basic(registered.id, 'w'.repeat(43));
    expect(await send(server, {}, wrong)).toMatchObject(refusedClient);
    server.clock.advance(10);
    expect(await send(server, {}, right)).toMatchObject(refusedClient);
  });

  it('AS-216 asks the store for the first use only', async () => {
    const server = await testServer({}, [probe()]);
    await server.stores.clients.add(registered);
    let marked = 0;
    const { clients } = server.stores;
    const markUsed = clients.markUsed.bind(clients);
    clients.markUsed = (id) => ((marked += 1), markUsed(id));
    for (let each = 0; each < 3; each += 1) await send(server, {}, right);
    expect(marked).toBe(1);
  });
});

describe('failed authentications', () => {
  const limit = { failedAuthentications: { limit: 3, windowSeconds: 60 } };

  it('AS-91 are throttled for a client, with the time to wait', async () => {
    const server = await testServer(limit, [probe()]);
    const wrong = () => send(server, {}, basic('secret-1', 'wrong'));
    for (let each = 0; each < 3; each += 1) expect(await wrong()).toMatchObject(refusedClient);
    server.clock.advance(20);
    const throttled = await wrong();
    expect(throttled).toMatchObject({ status: 429, json: { error: 'temporarily_unavailable' } });
    expect(throttled.fields('retry-after')).toEqual(['40']);
    server.clock.advance(40);
    expect(await wrong()).toMatchObject(refusedClient);
  });

  it('AS-91 of others lock nobody out', async () => {
    const server = await testServer(limit, [probe()]);
    for (let each = 0; each < 9; each += 1) await send(server, {}, basic('secret-1', 'wrong'));
    const right = await send(server, {}, basic('secret-1', clientSecret));
    expect(right).toMatchObject({ status: 200 });
  });

  it('AS-91 are throttled for an address, whoever it pretends to be', async () => {
    const server = await testServer(limit, [probe()]);
    for (const name of ['a', 'b', 'c']) {
      expect(await send(server, {}, basic(name, 'wrong'))).toMatchObject(refusedClient);
    }
    expect(await send(server, {}, basic('d', 'wrong'))).toMatchObject({ status: 429 });
    expect(await send(server, { client_id: 'e' })).toMatchObject({ status: 429 });
  });

  it('AS-91 alone are counted', async () => {
    const server = await testServer({}, [probe()]);
    let counted = 0;
    const { counters } = server.stores;
    const count = counters.count.bind(counters);
    counters.count = (...call) => ((counted += 1), count(...call));
    await send(server, {}, basic('secret-1', clientSecret));
    await send(server, { client_id: 'public-1' });
    await send(server, await assertion());
    expect(counted).toBe(0);
    await send(server, {}, basic('secret-1', 'wrong'));
    expect(counted).toBe(2);
  });

  it('AS-91 THR-73 of an address beyond its limit leave no names behind', async () => {
    const server = await testServer(limit, [probe()]);
    const names: string[] = [];
    const { counters } = server.stores;
    const count = counters.count.bind(counters);
    counters.count = (keys, now) => {
      names.push(...keys.map(({ key }) => key));
      return count(keys, now);
    };
    for (let each = 0; each < 9; each += 1) {
      await send(server, { client_id: `stranger-${String(each)}` });
    }
    expect(new Set(names).size).toBe(limit.failedAuthentications.limit + 1);
  });

  it('AS-271 INV-9 lets nobody in where they cannot be counted', async () => {
    const server = await testServer({}, [probe()]);
    server.stores.counters.count = () => Promise.reject(new StoreUnavailableError('down'));
    expect(await send(server, {}, basic('secret-1', 'wrong'))).toMatchObject({ status: 503 });
  });
});

describe('methods that are plugged in', () => {
  const rejection: Rejection = {
    code: 'strong.bad',
    requirement: 'THR-82',
    rule: 'a rule',
    error: 'invalid_client',
    detail: {},
  };
  const strong: ClientAuthenticationMethod = {
    name: 'strong',
    detect: ({ view }) =>
      view.headerValues('x-strong').length === 0 ? undefined : accept({ clientId: 'strong-1' }),
    authenticate: (client, { view }) =>
      Promise.resolve(
        client.id === 'strong-1' && view.headerValues('x-strong')[0] === 'good'
          ? accept({
              method: 'strong',
              confidential: true,
              provenKeys: [],
              uses: [],
              facts: { strong: true },
            })
          : refuse(rejection),
      ),
  };
  const [first] = testClients;
  const clients = [
    ...testClients,
    {
      client_id: 'strong-1',
      metadata: { ...first?.metadata, token_endpoint_auth_method: 'strong' },
    },
  ];
  const plugIn = probe({ clientAuthenticationMethods: [strong] });

  it('authenticate the clients that registered them', async () => {
    const server = await testServer({ clients }, [plugIn]);
    const answer = await send(server, {}, { 'x-strong': 'good' });
    expect(answer).toMatchObject({ status: 200, json: { method: 'strong' } });
    expect(await send(server, {}, { 'x-strong': 'bad' })).toMatchObject(refusedClient);
  });

  it('THR-82 a forged strong credential is not outweighed by a weak one', async () => {
    const server = await testServer({ clients }, [plugIn]);
    const forged = { 'x-strong': 'forged' };
    expect(await send(server, { client_id: 'strong-1' }, forged)).toMatchObject(refusedClient);
    expect(await send(server, { client_id: 'public-1' }, forged)).toMatchObject(refusedClient);
    const both = { ...forged, ...basic('secret-1', clientSecret) };
    expect(await send(server, {}, both)).toMatchObject(refusedRequest);
  });

  it('THR-82 who vouches for a client may demand a method', async () => {
    const resolver = {
      name: 'demanding',
      resolve: (clientId: string) =>
        Promise.resolve(
          clientId === 'demanded'
            ? accept({
                id: 'demanded',
                metadata: registered.metadata,
                keys: undefined,
                secrets: registered.secrets,
                source: 'demanding',
                expiresAt: undefined,
                obligations: { authenticationMethods: ['private_key_jwt'] },
                standing: 'verified' as const,
                relaxations: new Set<never>(),
              })
            : undefined,
        ),
    };
    const server = await testServer({}, [probe({ clientResolvers: [resolver] })]);
    const weak = basic('demanded', 's'.repeat(43));
    expect(await send(server, {}, weak)).toMatchObject(refusedClient);
    expect(server.audit.events.at(-1)?.code).toBe('client_authentication.method');
  });
});
