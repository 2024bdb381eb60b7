import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  clientKey,
  codeForm,
  hash,
  interactionIn,
  openPushed,
  pkce,
  pushWith,
  refreshForm,
  requestUriOf,
  saidToClient,
  scene,
  SettableClock,
  TestBrowser,
  testPostgres,
  testServer,
  textIn,
  tokenRequest,
  type TestServer,
} from '@keybound/testing';
import type { Tables } from './database/tables.js';
import {
  postgresDatabase,
  sqliteDatabase,
  type TestDatabase,
} from './test-support/test-database.js';

const postgres = await testPostgres();
const referenceApi = 'https://reference.example.com';

describe('SQLite at rest', () => {
  atRest(sqliteDatabase);
});

postgres.describe('PostgreSQL at rest', () => {
  atRest(() => postgresDatabase(postgres.url));
});

function atRest(make: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  let test: TestServer;

  beforeEach(async () => {
    database = await make();
    const { stores, replay } = await database.open(new SettableClock());
    test = await testServer({
      stores,
      replay: { store: replay },
      registration: { access: 'open' },
      resources: [
        { resource: scene.resource },
        { resource: referenceApi, accessTokens: 'reference' },
      ],
    });
  });
  afterEach(() => database.remove());

  /** Everything in every table. */
  const dump = async (): Promise<string> => {
    const rows = await Promise.all(
      tables.map(async (table) => JSON.stringify(await database.query(`select * from ${table}`))),
    );
    return rows.join('\n');
  };

  it('AS-270 AS-82 THR-58 holds no secret that opens anything, only hashes', async () => {
    const browser = new TestBrowser(test);
    const asked = { scope: 'openid offline_access', prompt: 'consent', resource: referenceApi };
    const pushed = requestUriOf(await pushWith(test, asked));
    const waiting = requestUriOf(await pushWith(test, asked));
    const parameters = new URLSearchParams({ client_id: 'public-1', request_uri: pushed });
    const redirect = await browser.visit(`/authorize?${parameters.toString()}`);
    const halfway = await openPushed(test, waiting);
    const interactionCookies = valuesOf(browser.cookie);
    const csrf = (await browser.details(redirect)).csrfToken;
    const said = saidToClient(await browser.logIn(redirect));
    const code = said['code'] ?? '';
    const redeemed = await test.send(await tokenRequest(codeForm(code), { proofBy: clientKey }));
    const first = textIn(redeemed.json, 'refresh_token');
    const refreshed = await test.send(
      await tokenRequest(refreshForm(first), { proofBy: clientKey }),
    );
    const registered = await test.send({
      method: 'POST',
      url: '/register',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: ['https://other.example/cb'],
        token_endpoint_auth_method: 'client_secret_basic',
      }),
    });
    const secrets = {
      requestUri: pushed,
      otherRequestUri: waiting,
      interaction: interactionIn(redirect),
      otherInteraction: interactionIn(halfway),
      csrf,
      interactionCookies,
      sessionCookies: valuesOf(browser.cookie),
      code,
      verifier: pkce.verifier,
      accessToken: textIn(redeemed.json, 'access_token'),
      nextAccessToken: textIn(refreshed.json, 'access_token'),
      refreshToken: first,
      nextRefreshToken: textIn(refreshed.json, 'refresh_token'),
      idToken: textIn(redeemed.json, 'id_token'),
      clientSecret: textIn(registered.json, 'client_secret'),
      registrationToken: textIn(registered.json, 'registration_access_token'),
    };
    const written = await dump();
    for (const [name, secret] of Object.entries(secrets)) {
      const values = [secret].flat();
      expect({ name, values: values.length }).not.toEqual({ name, values: 0 });
      for (const each of values) {
        expect(each.length).toBeGreaterThan(20);
        // Without its prefix, which says what it is.
        const random = each.slice(each.lastIndexOf(':') + 1).replace(/^[a-z]+_/, '');
        expect({ name, isThere: written.includes(random) }).toEqual({ name, isThere: false });
      }
    }
    for (const kept of [code, first, secrets.accessToken, secrets.clientSecret]) {
      expect(written).toContain(hash(kept));
    }
  });

  it('AS-91 THR-76 counts without the names of what it counts', async () => {
    await test.stores.counters.count(
      [{ key: 'login by 192.0.2.7', limit: 1, windowSeconds: 60 }],
      test.clock.now(),
    );
    const written = await dump();
    expect(written).toContain(hash('login by 192.0.2.7'));
    expect(written).not.toContain('192.0.2.7');
  });
}

/** Of a `Cookie` field; one that was taken away has none. */
function valuesOf(cookie = ''): readonly string[] {
  const values = cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1));
  return values.filter((value) => value !== '');
}

const tables: readonly (keyof Tables)[] = [
  'keybound_pushed_request',
  'keybound_interaction',
  'keybound_grant',
  'keybound_code',
  'keybound_refresh_token',
  'keybound_access_token',
  'keybound_revoked_token',
  'keybound_consent',
  'keybound_client',
  'keybound_session',
  'keybound_count',
  'keybound_spend',
  'keybound_replay_memory',
  'keybound_key_ring',
];
