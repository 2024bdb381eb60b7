import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@keybound/core';
import {
  codeForm,
  hash,
  pushWith,
  refreshForm,
  requestUriOf,
  savedCode,
  savedRefreshToken,
  T0,
  TestBrowser,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { InterruptedStores } from '../support/interrupted-stores.js';

/** Two instances of one server; what the first does, the second can interrupt. */
interface Scene {
  readonly one: TestServer;
  readonly two: TestServer;
  readonly stores: InterruptedStores;
}

/** Two requests that meet, and what must hold afterwards. */
interface Meeting {
  readonly scene: Scene;
  readonly first: () => Promise<unknown>;
  readonly meanwhile: () => Promise<unknown>;
  /** @throws Where it does not hold. */
  readonly afterwards: () => Promise<void> | void;
}

const json = { 'content-type': 'application/json' };
const redirect_uris = ['https://client.example/cb'];

async function twoInstances(): Promise<Scene> {
  const stores = new InterruptedStores();
  const options = {
    clients: undemandingClients,
    accessTokens: { requireProof: false },
    registration: { access: 'open' as const, limit: { limit: 3, windowSeconds: 60 } },
  };
  const [one, two] = await Promise.all([
    testServer({ ...options, stores: stores.own, replay: { store: stores.ownReplay } }),
    testServer({ ...options, stores: stores.other, replay: { store: stores.otherReplay } }),
  ]);
  return { one, two, stores };
}

/** Lets them meet in front of each store call of the first, and once after the last. */
async function everywhere(meeting: () => Promise<Meeting>): Promise<void> {
  const alone = await meeting();
  alone.scene.stores.watch();
  await alone.first();
  const calls = [...alone.scene.stores.calls];
  expect(calls.length).toBeGreaterThan(0);
  for (let at = 0; at <= calls.length; at += 1) {
    const { scene, first, meanwhile, afterwards } = await meeting();
    scene.stores.watch(at, meanwhile);
    await first();
    if (at === calls.length) await meanwhile();
    scene.stores.watch();
    try {
      await afterwards();
    } catch (cause) {
      throw new Error(`They met before ${calls[at] ?? 'the end'}: ${String(cause)}`, { cause });
    }
  }
}

async function post(server: TestServer, url: string, form: Form): Promise<TestAnswer> {
  return server.send({ ...(await tokenRequest(form)), url });
}

interface Registered {
  readonly id: string;
  readonly manage: (at: TestServer, method: string, own?: JsonObject) => Promise<TestAnswer>;
}

async function registered(server: TestServer): Promise<Registered> {
  const metadata = {
    redirect_uris,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    dpop_bound_access_tokens: false,
  };
  const body = JSON.stringify(metadata);
  const told = (await server.send({ method: 'POST', url: '/register', headers: json, body })).json;
  const authorization = `Bearer ${textIn(told, 'registration_access_token')}`;
  const id = textIn(told, 'client_id');
  return {
    id,
    manage: (at, method, own) =>
      at.send({
        method,
        url: textIn(told, 'registration_client_uri'),
        headers: { ...json, authorization },
        ...(own !== undefined && { body: JSON.stringify({ ...metadata, client_id: id, ...own }) }),
      }),
  };
}

const ofClient = (clientId: string) => ({ clientId, clientSource: 'registered' });

async function isActive({ server }: TestServer, answer: TestAnswer): Promise<unknown> {
  const token = textIn(answer.json, 'access_token');
  const told = await server.introspection.introspect(token, T0);
  return told.ok && told.value['active'];
}

describe('A request of one instance, interrupted in front of every store call by one of another', () => {
  it('AS-64 THR-49 THR-93 a code is redeemed once, and nothing of it is active', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const code = await savedCode(scene.stores.other.grants);
      const answers: TestAnswer[] = [];
      const redeem = async (at: TestServer) =>
        answers.push(await post(at, '/token', codeForm(code)));
      return {
        scene,
        first: () => redeem(scene.one),
        meanwhile: () => redeem(scene.two),
        afterwards: async () => {
          const [winner, ...others] = answers.filter(({ status }) => status === 200);
          expect(others).toEqual([]);
          expect(answers.filter(({ status }) => status === 400)).toHaveLength(1);
          expect(winner && (await isActive(scene.two, winner))).toBe(false);
        },
      };
    });
  });

  it('OIDC-27 AS-220 THR-80 nothing is active of a client that was deleted while its code is redeemed', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const client = await registered(scene.two);
      const code = await savedCode(scene.stores.other.grants, ofClient(client.id));
      let answer: TestAnswer | undefined;
      return {
        scene,
        first: async () => {
          answer = await post(scene.one, '/token', codeForm(code, { client_id: client.id }));
        },
        meanwhile: async () => {
          expect((await client.manage(scene.two, 'DELETE')).status).toBe(204);
        },
        afterwards: async () => {
          if (answer?.status !== 200) expect([400, 401]).toContain(answer?.status);
          else {
            expect(await isActive(scene.two, answer)).toBe(false);
            const token = textIn(answer.json, 'refresh_token');
            const form = refreshForm(token, { client_id: client.id });
            expect((await post(scene.two, '/token', form)).status).not.toBe(200);
          }
        },
      };
    });
  });

  it('OIDC-27 AS-220 THR-80 nor of one whose code is redeemed while it is deleted', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const client = await registered(scene.two);
      const code = await savedCode(scene.stores.other.grants, ofClient(client.id));
      let answer: TestAnswer | undefined;
      return {
        scene,
        first: async () => {
          expect((await client.manage(scene.one, 'DELETE')).status).toBe(204);
        },
        meanwhile: async () => {
          answer = await post(scene.two, '/token', codeForm(code, { client_id: client.id }));
        },
        afterwards: async () => {
          if (answer?.status === 200) expect(await isActive(scene.two, answer)).toBe(false);
        },
      };
    });
  });

  it('AS-141 THR-50 nothing is active of a refresh token that was revoked while it is used', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const token = await savedRefreshToken(scene.stores.other.grants);
      let answer: TestAnswer | undefined;
      return {
        scene,
        first: async () => {
          answer = await post(scene.one, '/token', refreshForm(token));
        },
        meanwhile: async () => {
          const form = { token, client_id: 'public-1' };
          expect((await post(scene.two, '/revoke', form)).status).toBe(200);
        },
        afterwards: async () => {
          if (answer?.status !== 200) expect(answer?.json).toEqual({ error: 'invalid_grant' });
          else expect(await isActive(scene.two, answer)).toBe(false);
        },
      };
    });
  });

  it('AS-22 AS-26 AS-29 a browser that comes back twice has one code and one session', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const browser = new TestBrowser(scene.two);
      await browser.logIn(await browser.authorize());
      const old = sessionIn(browser.cookie);
      const redirect = await browser.authorize({ prompt: 'login' });
      const details = await browser.details(redirect);
      const { interactions } = scene.two.server;
      const answer = { login: { subject: 'alice' }, consent: {} };
      const next = await interactions.answer(details, details.csrfToken, answer);
      if (!next.ok) throw new Error(next.failure.code);
      const { location } = next.value;
      const cookie = browser.cookie ?? '';
      const answers: TestAnswer[] = [];
      const comeBack = async (at: TestServer) =>
        answers.push(await at.send({ url: location, headers: { cookie } }));
      return {
        scene,
        first: () => comeBack(scene.one),
        meanwhile: () => comeBack(scene.two),
        afterwards: async () => {
          const given = answers.filter(({ status }) => status === 303);
          expect(given).toHaveLength(1);
          expect(answers.filter(({ status }) => status === 400)).toHaveLength(1);
          const [field = ''] = given[0]?.fields('set-cookie') ?? [];
          const { sessions } = scene.stores.other;
          expect(await sessions.find(hash(sessionIn(field)), 1_000, T0)).toBeDefined();
          expect(await sessions.find(hash(old), 1_000, T0)).toBeUndefined();
        },
      };
    });
  });

  it('AS-34 THR-59 a pushed request gives one code', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const browser = new TestBrowser(scene.two);
      await browser.answer(await browser.authorize(), {
        login: { subject: 'alice' },
        consent: { remember: true },
      });
      const requestUri = requestUriOf(await pushWith(scene.two));
      const query = new URLSearchParams({ client_id: 'public-1', request_uri: requestUri });
      const url = `/authorize?${query.toString()}`;
      const cookie = browser.cookie ?? '';
      const answers: TestAnswer[] = [];
      const open = async (at: TestServer) =>
        answers.push(await at.send({ url, headers: { cookie } }));
      return {
        scene,
        first: () => open(scene.one),
        meanwhile: () => open(scene.two),
        afterwards: () => {
          const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
          expect(statuses).toEqual([303, 400]);
        },
      };
    });
  });

  it('AS-220 THR-80 THR-93 a client is deleted once', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const client = await registered(scene.two);
      const statuses: number[] = [];
      const remove = async (at: TestServer) =>
        statuses.push((await client.manage(at, 'DELETE')).status);
      return {
        scene,
        first: () => remove(scene.one),
        meanwhile: () => remove(scene.two),
        afterwards: () => {
          expect(statuses.sort((a, b) => a - b)).toEqual([204, 401]);
        },
      };
    });
  });

  it('AS-216 THR-80 THR-93 one of two registrations is the last within the limit', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      await registered(scene.two);
      await registered(scene.two);
      const statuses: number[] = [];
      const register = async (at: TestServer) => {
        const body = JSON.stringify({ redirect_uris });
        const answer = await at.send({ method: 'POST', url: '/register', headers: json, body });
        statuses.push(answer.status);
      };
      return {
        scene,
        first: () => register(scene.one),
        meanwhile: () => register(scene.two),
        afterwards: () => {
          expect(statuses.sort((a, b) => a - b)).toEqual([201, 429]);
        },
      };
    });
  });

  it('AS-216 AS-220 THR-80 THR-93 a registration is replaced twice, and that is two attempts', async () => {
    await everywhere(async () => {
      const scene = await twoInstances();
      const client = await registered(scene.two);
      const replace = async (at: TestServer) => (await client.manage(at, 'PUT', {})).status;
      const statuses: number[] = [];
      return {
        scene,
        first: async () => statuses.push(await replace(scene.one)),
        meanwhile: async () => statuses.push(await replace(scene.two)),
        afterwards: async () => {
          expect(statuses).toEqual([200, 200]);
          expect([await replace(scene.one), await replace(scene.two)]).toEqual([200, 429]);
        },
      };
    });
  });
});

function sessionIn(cookies = ''): string {
  return /__Host-keybound-session=([^;]+)/.exec(cookies)?.[1] ?? '';
}
