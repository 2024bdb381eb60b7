import { describe, expect, it } from '@jest/globals';
import { isJsonObject } from '@keybound/core';
import {
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  refreshForm,
  savedCode,
  scene,
  testClients,
  testPlugIn,
  testServer,
  textIn,
  tokenRequest,
  type Form,
  type TestServer,
} from '@keybound/testing';
import { readFileSync } from 'node:fs';
import type { AuthorizationDetail, AuthorizationDetailsType } from '../extension/index.js';
import type { AuthorizationServerOptions, GrantRecord } from '../index.js';

interface Vectors {
  readonly resourceFlow: readonly {
    readonly id: string;
    readonly authorize: readonly string[];
    readonly token?: readonly string[];
    readonly refresh?: readonly string[];
    readonly aud?: string;
    readonly error?: string;
    readonly at?: string;
    readonly scopeNarrowedTo?: string;
  }[];
  readonly rar: readonly {
    readonly id: string;
    readonly value?: unknown;
    readonly raw?: string;
    readonly accept?: boolean;
    readonly error?: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(
    new URL(
      '../../../../test/vectors/authorization-server/as-resource-rar-exchange.json',
      import.meta.url,
    ),
    'utf8',
  ),
) as Vectors;

const [a, b] = ['https://a.example', 'https://b.example'] as const;

/** A payment may only be of actions that were granted; it belongs to resource a. */
const payment: AuthorizationDetailsType = {
  type: 'payment',
  parse(detail) {
    const { type, actions = [], ...others } = detail;
    const isSound = Array.isArray(actions) && actions.every((each) => typeof each === 'string');
    return isSound && Object.keys(others).length === 0 ? { type, actions } : undefined;
  },
  isWithin: (requested, granted) =>
    actionsOf(requested).every((action) => actionsOf(granted).includes(action)),
  audienceOf: () => [a],
};

/** Belongs to every resource. */
const profile: AuthorizationDetailsType = {
  type: 'profile',
  parse: (detail) => detail,
  isWithin: () => true,
};

function actionsOf({ actions }: AuthorizationDetail): readonly unknown[] {
  return Array.isArray(actions) ? actions : [];
}

function start(own: Partial<AuthorizationServerOptions> = {}) {
  const resources = [
    { resource: a, scopes: ['openid', 'offline_access', 'api:read'] },
    { resource: b, scopes: ['api:write'] },
    { resource: 'https://c.example' },
  ];
  const plugIn = testPlugIn('details', { authorizationDetailsTypes: [payment, profile] });
  return testServer({ resources, ...own }, [plugIn]);
}

async function redeem(server: TestServer, granted: Partial<GrantRecord>, form: Form = {}) {
  const code = await savedCode(server.stores.grants, granted);
  return server.send(await tokenRequest(codeForm(code, form), { proofBy: clientKey }));
}

describe('the audience of an access token', () => {
  const atToken = vectors.resourceFlow.filter(({ at }) => at !== 'authorization');

  it.each(atToken)('AS-130 AS-131 THR-81 [as-resource $id]', async (vector) => {
    const server = await start();
    const resource = vector.token ?? vector.authorize.slice(0, 1);
    const first = await redeem(server, { resources: vector.authorize }, { resource });
    const answer =
      vector.refresh === undefined
        ? first
        : await server.send(
            await tokenRequest(
              refreshForm(textIn(first.json, 'refresh_token'), { resource: vector.refresh }),
              { proofBy: clientKey },
            ),
          );
    if (vector.error !== undefined) {
      expect([answer.status, answer.json['error']]).toEqual([400, vector.error]);
      return;
    }
    const claims = claimsIn(answer.json['access_token']);
    const { aud } = vector;
    expect(claims['aud']).toBe(aud?.startsWith('<') === true ? scene.issuer : aud);
    if (vector.scopeNarrowedTo !== undefined) {
      expect([claims['scope'], answer.json['scope']]).toEqual(['api:write', 'api:write']);
    }
  });

  it('AS-131 is the configured default, where nobody named a resource', async () => {
    const server = await start({ defaultAudiences: [a, scene.issuer] });
    const { json } = await redeem(server, {});
    expect(claimsIn(json['access_token'])).toMatchObject({
      aud: [a, scene.issuer],
      scope: 'openid api:read api:write offline_access',
    });
  });

  it('AS-130 is one of the defaults, and no other, for a grant that names no resource', async () => {
    const server = await start({ defaultAudiences: [a, scene.issuer] });
    const { json } = await redeem(server, {}, { resource: a });
    expect(claimsIn(json['access_token'])['aud']).toBe(a);
    expect((await redeem(server, {}, { resource: b })).json['error']).toBe('invalid_target');
  });

  it('AS-131 is refused where the request names two', async () => {
    const server = await start();
    const answer = await redeem(server, { resources: [a, b] }, { resource: [a, b] });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_target']);
    const twice = await redeem(server, { resources: [a, b] }, { resource: [a, a] });
    expect(claimsIn(twice.json['access_token'])['aud']).toBe(a);
  });

  it.each([`${a}/`, `${a}#f`, 'HTTPS://A.EXAMPLE', '/a', 'a'])(
    'AS-130 THR-81 is compared character by character: %s',
    async (resource) => {
      const answer = await redeem(await start(), { resources: [a] }, { resource });
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_target']);
    },
  );

  it('AS-130 is any that the server knows, for a client on its own authority', async () => {
    const server = await start();
    const ask = async (resource: string) =>
      server.send(
        await tokenRequest(
          { grant_type: 'client_credentials', ...(await assertionForm()), resource },
          { proofBy: clientKey },
        ),
      );
    const known = await ask('https://c.example');
    expect(claimsIn(known.json['access_token'])['aud']).toBe('https://c.example');
    expect((await ask('https://d.example')).json['error']).toBe('invalid_target');
  });
});

describe('the scope of an access token', () => {
  it('AS-69 is no more than was asked for, without duplicates', async () => {
    const { json } = await redeem(await start(), {}, { scope: 'api:read  openid api:read' });
    expect(json['scope']).toBe('api:read openid');
    expect(claimsIn(json['access_token'])['scope']).toBe('api:read openid');
  });

  it('AS-69 THR-50 does not stick: a later refresh may ask for all again', async () => {
    const server = await start();
    const first = await redeem(server, {}, { scope: 'openid' });
    const form = refreshForm(textIn(first.json, 'refresh_token'));
    const second = await server.send(await tokenRequest(form, { proofBy: clientKey }));
    expect(second.json['scope']).toBe('openid api:read api:write offline_access');
  });

  it('AS-160 without openid brings no ID token', async () => {
    const { json } = await redeem(await start(), {}, { scope: 'api:read' });
    expect(json).not.toHaveProperty('id_token');
  });

  it('AS-131 is not openid at a resource that does not know it, and the ID token comes all the same', async () => {
    const { json } = await redeem(await start(), { resources: [b] });
    expect([json['scope'], typeof json['id_token']]).toEqual(['api:write', 'string']);
  });
});

describe('a request of whose scopes none means anything at its audience', () => {
  it('AS-131 KD-24 is refused, and the code is still good', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { resources: [a, b] });
    const ask = async (form: Form) =>
      server.send(await tokenRequest(codeForm(code, form), { proofBy: clientKey }));
    const refused = await ask({ resource: b, scope: 'openid api:read' });
    expect([refused.status, refused.json]).toEqual([400, { error: 'invalid_scope' }]);
    const { status, json } = await ask({ resource: b, scope: 'openid api:write' });
    expect([status, json['scope']]).toEqual([200, 'api:write']);
  });

  it('AS-131 is refused where it names none, and all that was granted is meant', async () => {
    const answer = await redeem(await start(), { resources: [b], scopes: ['api:read'] });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_scope']);
  });

  it.each([
    ['nothing', []],
    ['a login', ['openid', 'offline_access']],
  ])('AS-131 AS-76 is answered without scope where %s was granted', async (_what, scopes) => {
    const { status, json } = await redeem(await start(), { resources: [b], scopes });
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('scope');
    expect(claimsIn(json['access_token'])).not.toHaveProperty('scope');
    expect('id_token' in json).toBe(scopes.length > 0);
  });
});

describe('authorization_details of a token request', () => {
  const granted = [{ type: 'payment', actions: ['initiate', 'status'] }];

  it.each(vectors.rar)('AS-132 AS-134 [as-rar $id]', async (vector) => {
    const authorization_details = vector.raw ?? JSON.stringify(vector.value);
    const answer = await redeem(
      await start(),
      { resources: [a], authorizationDetails: granted },
      { authorization_details },
    );
    if (vector.accept === true) {
      expect(answer.json['authorization_details']).toEqual(vector.value);
    } else {
      expect([answer.status, answer.json['error']]).toEqual([400, vector.error]);
    }
  });

  it('AS-134 may be a part of what was granted, and no more', async () => {
    const server = await start();
    const grant = { resources: [a], authorizationDetails: granted };
    const ask = (actions: readonly string[]) =>
      redeem(server, grant, {
        authorization_details: JSON.stringify([{ type: 'payment', actions }]),
      });
    expect((await ask(['status'])).json['authorization_details']).toEqual([
      { type: 'payment', actions: ['status'] },
    ]);
    const wider = await ask(['status', 'cancel']);
    expect([wider.status, wider.json['error']]).toEqual([400, 'invalid_authorization_details']);
  });

  it('AS-134 may be a part at a refresh too', async () => {
    const server = await start();
    const first = await redeem(server, { resources: [a], authorizationDetails: granted });
    const ask = async (actions: readonly string[]) => {
      const authorization_details = JSON.stringify([{ type: 'payment', actions }]);
      const form = refreshForm(textIn(first.json, 'refresh_token'), { authorization_details });
      return server.send(await tokenRequest(form, { proofBy: clientKey }));
    };
    expect((await ask(['initiate'])).status).toBe(200);
    expect((await ask(['cancel'])).json['error']).toBe('invalid_authorization_details');
  });

  it('AS-133 go into response and token alike, without those of another audience', async () => {
    const server = await start();
    const details = [...granted, { type: 'profile', of: 'everybody' }];
    const grant = { resources: [a, b], authorizationDetails: details };
    const atA = await redeem(server, grant, { resource: a });
    const atB = await redeem(server, grant, { resource: b });
    expect(atA.json['authorization_details']).toEqual(details);
    expect(atB.json['authorization_details']).toEqual(details.slice(1));
    for (const { json } of [atA, atB]) {
      const claims = claimsIn(json['access_token']);
      expect(claims['authorization_details']).toEqual(json['authorization_details']);
    }
  });

  it('AS-132 are what a client asks for on its own authority, of types that it registered', async () => {
    const [configured] = testClients.filter(({ client_id }) => client_id === 'client-1');
    if (configured === undefined) throw new TypeError('There is such a client.');
    const ask = async (types: readonly string[]) => {
      const metadata = { ...configured.metadata, authorization_details_types: types };
      const server = await start({ clients: [{ ...configured, metadata }] });
      const form = { grant_type: 'client_credentials', ...(await assertionForm()) };
      const authorization_details = '[{"type":"payment","actions":["status"]}]';
      const resource = a;
      return server.send(
        await tokenRequest({ ...form, resource, authorization_details }, { proofBy: clientKey }),
      );
    };
    const allowed = await ask(['payment']);
    const [detail] = [allowed.json['authorization_details']].flat();
    expect(isJsonObject(detail) && detail['type']).toBe('payment');
    expect((await ask(['profile'])).json['error']).toBe('invalid_authorization_details');
  });
});
