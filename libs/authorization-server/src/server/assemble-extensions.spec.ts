import { describe, expect, it } from '@jest/globals';
import { accept, ConfigurationError, refuse, type JsonObject } from '@keybound/core';
import { scene, testEndpoint, testPlugIn, testServer } from '@keybound/testing';
import { z } from 'zod';
import type { Contributor } from '../extension/contributor.js';
import type { Extensions } from '../extension/plug-in.js';
import { assembleExtensions } from './assemble-extensions.js';

const rejection = {
  code: 'test',
  requirement: 'AS-182',
  rule: 'a rule',
  error: 'invalid_request' as const,
  detail: {},
};
const contributor = (name: string, own: Partial<Contributor>): Extensions => ({
  contributors: [{ name, ...own }],
});
const contribution = (...members: string[]) => ({ members, contribute: () => ({}) });

const each: Readonly<Record<string, Extensions>> = {
  'the client resolver "r"': {
    clientResolvers: [{ name: 'r', resolve: () => Promise.resolve(undefined) }],
  },
  'the authentication method "m"': {
    clientAuthenticationMethods: [
      { name: 'm', detect: () => undefined, authenticate: async () => refuse(rejection) },
    ],
  },
  'the grant type "urn:x:g"': {
    grantTypes: [
      { grantType: 'urn:x:g', publicClients: false, peek: async () => refuse(rejection) },
    ],
  },
  'the token binder "b"': {
    tokenBinders: [{ name: 'b', tokenTypes: [], bind: async () => accept(undefined) }],
  },
  'the validator "v"': {
    authorizationRequestValidators: [{ name: 'v', validate: async () => accept({}) }],
  },
  'the authorization_details type "t"': {
    authorizationDetailsTypes: [{ type: 't', parse: () => undefined, isWithin: () => false }],
  },
  'the endpoint "test"': { endpoints: [testEndpoint()] },
  'the record slot "s"': { recordSlots: [{ name: 's', schema: z.string(), maxBytes: 64 }] },
  'the contributor "c"': contributor('c', {}),
};

const assemble = (...added: Extensions[]) =>
  assembleExtensions(
    added.map((extensions, at) => ({ name: `plug-in ${at}`, builtIn: false, extensions })),
  );

describe('assembleExtensions', () => {
  it('AS-182 puts together what differs', () => {
    const all = assemble(...Object.values(each));
    expect([...all.grantTypes.keys()]).toEqual(['urn:x:g']);
    expect(all.clientAuthenticationMethods.get('m')?.name).toBe('m');
    expect(all.authorizationDetailsTypes.get('t')?.type).toBe('t');
    expect(all.recordSlots.get('s')?.maxBytes).toBe(64);
    expect(all).toMatchObject({
      clientResolvers: [{ name: 'r' }],
      tokenBinders: [{ name: 'b' }],
      authorizationRequestValidators: [{ name: 'v' }],
      endpoints: [{ name: 'test' }],
      contributors: [{ name: 'c' }],
    });
  });

  it.each(Object.entries(each))('AS-182 INV-9 refuses %s twice', (what, added) => {
    expect(() => assemble(added, added)).toThrow(ConfigurationError);
    expect(() => assemble(added, added)).toThrow(
      `- "plug-in 0" and "plug-in 1" both add ${what}; leave one out`,
    );
  });

  it('INV-9 refuses two endpoints at one path, under whatever names', () => {
    const other = testEndpoint({ name: 'other' });
    const added = [testEndpoint(), other].map((endpoint) => ({ endpoints: [endpoint] }));
    expect(() => assemble(...added)).toThrow('the path "/test below the issuer"');
    const elsewhere = { endpoints: [testEndpoint({ name: 'other', below: 'origin' })] };
    expect(assemble({ endpoints: [testEndpoint()] }, elsewhere).endpoints).toHaveLength(2);
  });

  it('INV-9 refuses two plug-ins of one name', () => {
    const twice = ['a', 'a'].map((name) => ({ name, builtIn: false, extensions: {} }));
    expect(() => assembleExtensions(twice)).toThrow('two plug-ins are called "a"');
  });

  it.each([
    ['accessTokenClaims', 'cnf', 'the access token claim "cnf"'],
    ['accessTokenClaims', 'iss', 'the access token claim "iss"'],
    ['idTokenClaims', 'nonce', 'the ID token claim "nonce"'],
    ['idTokenClaims', 'iss', 'the ID token claim "iss"'],
    ['userInfoClaims', 'sub', 'the UserInfo claim "sub"'],
    ['tokenResponse', 'access_token', 'the token response member "access_token"'],
  ] as const)('AS-182 refuses a plug-in that sets %s %s', (place, member, what) => {
    const added = contributor('c', { [place]: contribution(member) });
    expect(() => assemble(added)).toThrow(`"plug-in 0" adds ${what}, which the server sets itself`);
  });

  it('AS-182 refuses two plug-ins that set the same member, and no others', () => {
    const setting = (name: string, ...members: string[]) =>
      contributor(name, { idTokenClaims: contribution(...members) });
    expect(() => assemble(setting('a', 'x'), setting('b', 'y', 'x'))).toThrow(
      'both add the ID token claim "x"',
    );
    const elsewhere = contributor('b', { accessTokenClaims: contribution('x') });
    expect(assemble(setting('a', 'x'), elsewhere).contributors).toHaveLength(2);
  });

  it.each(['test', '/test/', '/', '/a//b', '/a/:id', '/a*', '/a?b', '/ä', ''])(
    'INV-9 refuses an endpoint at "%s", which is no plain path',
    (path) => {
      expect(() => assemble({ endpoints: [testEndpoint({ path })] })).toThrow('no plain path');
    },
  );

  it('INV-9 refuses a record slot beyond 4,096 octets', () => {
    const slot = (maxBytes: number) => ({
      recordSlots: [{ name: 's', schema: z.string(), maxBytes }],
    });
    expect(assemble(slot(4_096)).recordSlots.size).toBe(1);
    expect(() => assemble(slot(4_097))).toThrow('at most 4096');
  });

  it('INV-9 tells of every clash at once', () => {
    const all = Object.values(each);
    const message = messageOf(() => assemble(...all, ...all));
    for (const what of Object.keys(each)) expect(message).toContain(what);
  });

  it('AS-200 INV-9 refuses two plug-ins that say different things of the server', async () => {
    const saying = (name: string, members: JsonObject) =>
      testPlugIn(name, contributor(name, { metadata: () => members }));
    const contradicting = [saying('a', { x_mode: 'on' }), saying('b', { x_mode: 'off' })];
    await expect(testServer({}, contradicting)).rejects.toThrow(
      '"a" and "b" both set the metadata member "x_mode"',
    );
    const lists = [saying('a', { x_supported: ['1'] }), saying('b', { x_supported: ['2'] })];
    const { server } = await testServer({}, lists);
    expect(server.metadata()['x_supported']).toEqual(['1', '2']);
    await expect(testServer({}, [saying('a', { issuer: 'https://evil.example' })])).rejects.toThrow(
      '"a" sets the metadata member "issuer"',
    );
    const endpoint = testEndpoint({ metadata: (url) => ({ token_endpoint: url }) });
    await expect(testServer({}, [testPlugIn('a', { endpoints: [endpoint] })])).rejects.toThrow(
      'the metadata member "token_endpoint"',
    );
  });

  it.each<[string, JsonObject[string]]>([
    ['issuer', 'https://evil.example'],
    ['authorization_response_iss_parameter_supported', false],
    ['require_pushed_authorization_requests', true],
    ['request_parameter_supported', false],
    ['request_uri_parameter_supported', true],
    ['claims_parameter_supported', false],
    ['response_types_supported', ['token']],
    ['response_types_supported', ['code']],
    ['code_challenge_methods_supported', ['plain']],
    ['scopes_supported', 'all'],
    ['acr_values_supported', 'any'],
  ])('AS-200 INV-9 refuses a plug-in that says %s is %j', async (member, value) => {
    const saying = contributor('a', { metadata: () => ({ [member]: value }) });
    await expect(testServer({}, [testPlugIn('a', saying)])).rejects.toThrow(
      `"a" sets the metadata member "${member}", which the server sets`,
    );
  });

  it('AS-200 takes a plug-in that adds to a list of the server’s, or says the same', async () => {
    const metadata = () => ({
      issuer: scene.issuer,
      require_pushed_authorization_requests: false,
      acr_values_supported: ['high'],
    });
    const saying = contributor('a', { metadata });
    const { server } = await testServer({}, [testPlugIn('a', saying)]);
    expect(server.metadata()).toMatchObject(metadata());
  });

  it('AS-200 INV-9 refuses a list of one plug-in beside the word of another', async () => {
    const saying = (name: string, value: JsonObject[string]) =>
      testPlugIn(name, contributor(name, { metadata: () => ({ x_supported: value }) }));
    for (const [one, other] of [
      [['1'], '1'],
      ['1', ['1']],
    ] as const) {
      await expect(testServer({}, [saying('a', one), saying('b', other)])).rejects.toThrow(
        '"a" and "b" both set the metadata member "x_supported"',
      );
    }
  });

  it('AS-182 INV-9 refuses a plug-in that takes the name or the path of the server’s own', async () => {
    await expect(testServer({}, [testPlugIn('token', {})])).rejects.toThrow(ConfigurationError);
    const { server } = await testServer({}, [
      testPlugIn('mine', each['the endpoint "test"'] ?? {}),
    ]);
    expect(server.owns('/test')).toBe(true);
  });

  it('AS-182 shows a plug-in the services, and nothing of the inside', async () => {
    let seen: readonly string[] = [];
    await testServer({}, [
      testPlugIn('curious', (services) => {
        seen = Object.keys(services);
        return {};
      }),
    ]);
    expect(seen).toContain('issuer');
    expect(seen).not.toContain('configuration');
    expect(seen).not.toContain('accounts');
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('nothing was thrown');
}
