import { describe, expect, it } from '@jest/globals';
import {
  accept,
  ConfigurationError,
  isThumbprint,
  rejections,
  spendOf,
  seconds,
  type JsonObject,
} from '@keybound/core';
import {
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  hash,
  jkt,
  otherKey,
  refreshForm,
  savedCode,
  T0,
  testClients,
  testPlugIn,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestServer,
  type TokenRequestExtras,
} from '@keybound/testing';
import type {
  AuthorizationServerPlugIn,
  Contributor,
  GrantType,
  IssuingContext,
  PeekedGrant,
  TokenBinder,
  TokenBinding,
} from '../extension/index.js';

const reject = rejections(
  {
    'toy.unknown': 'invalid_grant',
    'toy.replayed': 'invalid_request',
    'toy.key': 'invalid_request',
  },
  { 'AS-78': 'a toy' },
);

async function send(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  return server.send(await tokenRequest(form, extras));
}

/** Exchanges tickets that are worth one token each; remembers by itself which were used. */
class TicketGrant implements GrantType {
  readonly grantType = 'urn:example:ticket';
  readonly publicClients = false;
  readonly tickets = new Set(['blue', 'green']);

  async peek({ parameters }: Parameters<GrantType['peek']>[0]) {
    const ticket = parameters.one('ticket') ?? '';
    if (!this.tickets.has(ticket)) return reject('toy.unknown', 'AS-78');
    const grant: PeekedGrant = {
      grantId: undefined,
      subject: { kind: 'user', localSubject: 'bob', login: undefined },
      scopes: ['api:read', 'api:write'],
      resources: [],
      authorizationDetails: [],
      claims: undefined,
      nonce: undefined,
      boundTo: undefined,
      mustBeBound: false,
      previousBinding: undefined,
      expiresAt: seconds(T0 + 30),
      idToken: false,
      slots: { 'toy.colour': ticket },
      consume: () =>
        Promise.resolve(
          this.tickets.delete(ticket)
            ? accept({ refreshToken: undefined })
            : reject('toy.unknown', 'AS-78'),
        ),
    };
    return accept(grant);
  }
}

describe('a grant type that is plugged in', () => {
  const [, configured] = testClients;
  if (configured === undefined) throw new TypeError('There is a client.');
  const client = {
    ...configured,
    metadata: {
      ...configured.metadata,
      grant_types: ['urn:example:ticket'],
      redirect_uris: [],
      response_types: [],
    },
  };
  const start = () =>
    testServer({ clients: [client] }, [testPlugIn('tickets', { grantTypes: [new TicketGrant()] })]);
  const ask = async (ticket: string, own: Form = {}) => ({
    grant_type: 'urn:example:ticket',
    ...(await assertionForm()),
    ticket,
    ...own,
  });

  it('AS-78 AS-69 AS-122 is answered in the same order, and under the same rules', async () => {
    const server = await start();
    const answer = await send(server, await ask('blue', { scope: 'api:read' }), {
      proofBy: clientKey,
    });
    expect(answer.json).toMatchObject({ token_type: 'DPoP', scope: 'api:read', expires_in: 30 });
    expect(claimsIn(answer.json['access_token'])).toMatchObject({ sub: 'bob', cnf: { jkt } });
  });

  it('INV-3 AS-77 is not used up by a request that is refused', async () => {
    const server = await start();
    const unbound = await send(server, await ask('blue'));
    expect([unbound.status, unbound.json['error']]).toEqual([400, 'invalid_dpop_proof']);
    const wider = await send(server, await ask('blue', { scope: 'admin' }), { proofBy: clientKey });
    expect(wider.json['error']).toBe('invalid_scope');
    expect((await send(server, await ask('blue'), { proofBy: clientKey })).status).toBe(200);
    const again = await send(server, await ask('blue'), { proofBy: clientKey });
    expect([again.status, again.json['error']]).toEqual([400, 'invalid_grant']);
  });

  it('THR-93 has one winner of twenty-five', async () => {
    const server = await start();
    const requests = await Promise.all(
      Array.from({ length: 25 }, async () =>
        tokenRequest(await ask('green'), { proofBy: clientKey }),
      ),
    );
    const answers = await Promise.all(requests.map((request) => server.send(request)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

/** Binds to a key that the client names by its thumbprint, once for each `word`. */
const namedKeys: TokenBinder = {
  name: 'toy',
  tokenTypes: ['toy'],
  metadata: { toy_supported: true },
  async bind({ parameters }, { audiences }) {
    const key = parameters.one('toy_key');
    if (key === undefined) return accept(undefined);
    if (!isThumbprint(key)) return reject('toy.key', 'AS-78');
    const { failure: replayed } = reject('toy.replayed', 'AS-78');
    const word = parameters.one('toy_word') ?? '';
    const times = { since: seconds(T0), until: seconds(T0 + 60) };
    const binding: TokenBinding = {
      by: 'toy',
      cnf: { jkt: key, for: audiences },
      tokenType: 'toy',
      thumbprint: key,
      possession: parameters.one('toy_strict') === undefined ? 'asked' : 'asked-needs-proof',
      responseMembers: { toy_key: key },
      uses: word === '' ? [] : [{ spend: await spendOf('toy', [word], times), replayed }],
      fields: [['x-toy', '1']],
    };
    return accept(binding);
  },
};

describe('a token binder that is plugged in', () => {
  const start = () =>
    testServer({ clients: undemandingClients }, [testPlugIn('toy', { tokenBinders: [namedKeys] })]);

  it('KD-16 AS-76 says what the token is, and what goes with it', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const answer = await send(server, codeForm(code, { toy_key: jkt }));
    expect(answer.json).toMatchObject({ token_type: 'toy', toy_key: jkt });
    expect(answer.fields('x-toy')).toEqual(['1']);
    expect(claimsIn(answer.json['access_token'])['cnf']).toEqual({
      jkt,
      for: ['https://as.example.com'],
    });
    expect(server.server.metadata()).toMatchObject({ toy_supported: true });
  });

  it('KD-16 KD-24 is shown the same key by DPoP, or refused, and the code survives', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const form = codeForm(code, { toy_key: jkt, toy_strict: '1' });
    const absent = await send(server, form);
    expect([absent.status, absent.json['error']]).toEqual([400, 'invalid_request']);
    const other = await send(server, form, { proofBy: otherKey });
    expect([other.status, other.json['error']]).toEqual([400, 'invalid_dpop_proof']);
    const malformed = await send(server, codeForm(code, { toy_key: 'x' }));
    expect(malformed.json['error']).toBe('invalid_request');
    const same = await send(server, form, { proofBy: clientKey });
    expect([same.status, same.json['token_type']]).toEqual([200, 'toy']);
  });

  it('KD-16 is shown the same key by the assertion of the client', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { clientId: 'client-1' });
    const credentials = { client_id: undefined, ...(await assertionForm()) };
    const form = codeForm(code, { ...credentials, toy_key: jkt, toy_strict: '1' });
    expect((await send(server, form)).json['token_type']).toBe('toy');
  });

  it('DPOP-37 is no proof for a code that is bound to a key', async () => {
    const server = await start();
    const dpopJkt = isThumbprint(jkt) ? jkt : undefined;
    const code = await savedCode(server.stores.grants, {}, { dpopJkt });
    const form = codeForm(code, { toy_key: jkt });
    const named = await send(server, form);
    expect([named.status, named.json['error']]).toEqual([400, 'invalid_grant']);
    expect((await send(server, form, { proofBy: clientKey })).json['token_type']).toBe('toy');
  });

  it('INV-3 THR-28 has its uses spent with all the others, or none of them', async () => {
    const server = await start();
    const codes = [await savedCode(server.stores.grants), await savedCode(server.stores.grants)];
    const [first = '', second = ''] = codes;
    await send(server, codeForm(first, { toy_key: jkt, toy_word: 'once' }));
    const request = await tokenRequest(codeForm(second), { proofBy: clientKey });
    const replay = await tokenRequest(codeForm(second, { toy_key: jkt, toy_word: 'once' }));
    const refused = await server.send({ ...replay, headers: request.headers ?? {} });
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_request']);
    expect((await server.send(request)).status).toBe(200);
  });

  it('KD-21 AS-75 keeps a key that was named, where a refresh names none, and takes a new one', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { clientId: 'client-1' });
    const credentials = async () => ({ client_id: undefined, ...(await assertionForm()) });
    const first = await send(server, codeForm(code, { ...(await credentials()), toy_key: jkt }));
    const token = textIn(first.json, 'refresh_token');
    const kept = await send(server, refreshForm(token, await credentials()));
    expect(kept.json['token_type']).toBe('toy');
    expect(claimsIn(kept.json['access_token'])['cnf']).toMatchObject({ jkt });
    const proven = await send(server, refreshForm(token, await credentials()), {
      proofBy: otherKey,
    });
    expect(proven.json['token_type']).toBe('DPoP');
    const unbound = await send(server, refreshForm(token, await credentials()));
    expect([unbound.status, unbound.json['error']]).toEqual([400, 'invalid_dpop_proof']);
  });

  it('DPOP-16 KD-21 binds the refresh token of a public client to the key that it proved besides', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const first = await send(server, codeForm(code, { toy_key: jkt }), { proofBy: clientKey });
    const token = textIn(first.json, 'refresh_token');
    for (const extras of [{}, { proofBy: otherKey }]) {
      const refused = await send(server, refreshForm(token), extras);
      expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_grant']);
    }
    const second = await send(server, refreshForm(token), { proofBy: clientKey });
    expect(second.json).toMatchObject({ token_type: 'toy', refresh_token: token });
  });

  it('KD-21 AS-70 rotates the refresh token of a public client whose key was only named', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const first = await send(server, codeForm(code, { toy_key: jkt }));
    const token = textIn(first.json, 'refresh_token');
    const second = await send(server, refreshForm(token));
    expect(second.json['token_type']).toBe('toy');
    expect(second.json['refresh_token']).not.toBe(token);
  });
});

/** Adds the same member everywhere. */
function colours(added: (issuing: IssuingContext) => JsonObject): Contributor {
  const contribution = { members: ['colour', 'seen'], contribute: added };
  return {
    name: 'colours',
    accessTokenClaims: contribution,
    idTokenClaims: contribution,
    tokenResponse: contribution,
  };
}

describe('contributors that are plugged in', () => {
  const start = (...plugIns: readonly AuthorizationServerPlugIn[]) => testServer({}, plugIns);
  const contributing = (name: string, ...contributors: readonly Contributor[]) =>
    testPlugIn(name, { contributors });

  it('AS-182 add to access token, ID token and response, knowing for whom they are', async () => {
    const contributor = colours(({ sub, client, scopes, binding }) => ({
      colour: 'blue',
      seen: [sub, client.id, scopes.length, binding?.tokenType ?? null],
    }));
    const server = await start(contributing('colours', contributor));
    const code = await savedCode(server.stores.grants, { scopes: ['openid', 'api:read'] });
    const { json } = await send(server, codeForm(code), { proofBy: clientKey });
    for (const place of [claimsIn(json['access_token']), claimsIn(json['id_token']), json]) {
      expect(place).toMatchObject({ colour: 'blue', seen: ['alice', 'public-1', 2, 'DPoP'] });
    }
  });

  it('AS-182 wait for one another, and add what each has', async () => {
    const late: Contributor = {
      name: 'late',
      accessTokenClaims: { members: ['late'], contribute: () => Promise.resolve({ late: true }) },
    };
    const server = await start(
      contributing(
        'a',
        colours(() => ({ colour: 'blue' })),
      ),
      contributing('b', late),
    );
    const code = await savedCode(server.stores.grants);
    const { json } = await send(server, codeForm(code), { proofBy: clientKey });
    expect(claimsIn(json['access_token'])).toMatchObject({ colour: 'blue', late: true });
  });

  it.each(['undeclared', 'iss', 'sub', 'cnf'])(
    'AS-182 fault where they add %s, which they did not declare, and nothing is issued',
    async (name) => {
      const server = await start(
        contributing(
          'colours',
          colours(() => ({ [name]: 'x' })),
        ),
      );
      const code = await savedCode(server.stores.grants);
      const request = await tokenRequest(codeForm(code), { proofBy: clientKey });
      await expect(server.send(request)).rejects.toThrow(TypeError);
      expect(server.audit.events.filter(({ kind }) => kind === 'done')).toEqual([]);
      expect(await server.stores.grants.findCode(hash(code), T0)).toMatchObject({
        redeemedAt: undefined,
      });
    },
  );

  it.each(['iss', 'sub', 'aud', 'cnf', 'grant_id'])(
    'AS-182 do not even start where they claim %s',
    async (name) => {
      const contribution = { members: [name], contribute: () => ({}) };
      const contributor = { name: 'greedy', accessTokenClaims: contribution };
      await expect(start(contributing('greedy', contributor))).rejects.toThrow(ConfigurationError);
    },
  );
});
