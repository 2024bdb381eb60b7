import { beforeAll, describe, expect, it } from '@jest/globals';
import { inMemoryStores } from '@keybound/authorization-server';
import { InMemoryReplayStore, signCompactJws } from '@keybound/core';
import {
  answeringLate,
  clientKey,
  scene,
  signerFor,
  T0,
  textIn,
  type TestServer,
} from '@keybound/testing';
import {
  authorizationParameters,
  Browser,
  form,
  formHeaders,
  freshCode,
  redeem,
  unboundServer,
} from '../support/code-flow.js';

const parallel = 25;
const rounds = 1_000;
const lateRounds = 5;

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Stores that answer at once, or late. */
const settings = [
  ['answering at once', rounds, {}],
  [
    'answering late',
    lateRounds,
    {
      stores: late(inMemoryStores()),
      replay: { store: answeringLate(new InMemoryReplayStore()) },
    },
  ],
] as const;

function late({ grants, clients, sessions, counters }: ReturnType<typeof inMemoryStores>) {
  return {
    grants: answeringLate(grants),
    clients: answeringLate(clients),
    sessions: answeringLate(sessions),
    counters: answeringLate(counters),
  };
}

describe.each(settings)('25 at once, stores %s', (_how, count, own) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await unboundServer(own);
  });

  it('AS-64 THR-49 THR-93 one of 25 redemptions of a code wins, and the rest reveal a reuse', async () => {
    const browser = new Browser(server);
    for (let round = 0; round < count; round += 1) {
      const code = await freshCode(server, {}, browser);
      const answers = await together(() => redeem(server, code));
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      const losers = answers.filter(({ status }) => status !== 200);
      expect(new Set(losers.map(({ body }) => body))).toEqual(
        new Set(['{"error":"invalid_grant"}']),
      );
      const token = textIn(winners[0]?.json, 'access_token');
      const userInfo = await server.send({
        method: 'GET',
        url: '/userinfo',
        headers: { authorization: `Bearer ${token}` },
      });
      expect(userInfo.status).toBe(401);
    }
  }, 300_000);

  it('AS-86 THR-40 THR-93 one of 25 uses of an assertion wins', async () => {
    const signer = await signerFor(clientKey);
    for (let round = 0; round < count; round += 1) {
      const claims = {
        iss: 'client-1',
        sub: 'client-1',
        aud: scene.issuer,
        jti: `assertion-${String(round)}`,
        iat: T0,
        exp: T0 + 60,
      };
      const assertion = await signCompactJws({}, claims, signer);
      const body = form({
        grant_type: 'client_credentials',
        client_assertion_type: assertionType,
        client_assertion: assertion,
      });
      const answers = await together(() =>
        server.send({ method: 'POST', url: '/token', headers: formHeaders, body }),
      );
      const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
      expect(statuses).toEqual([200, ...Array.from({ length: parallel - 1 }, () => 401)]);
    }
  }, 300_000);

  it('AS-34 THR-59 THR-93 one of 25 authorizations by a request URI completes', async () => {
    const browser = new Browser(server);
    await freshCode(server, {}, browser);
    for (let round = 0; round < count; round += 1) {
      const pushed = await server.send({
        method: 'POST',
        url: '/par',
        headers: formHeaders,
        body: form(authorizationParameters()),
      });
      const requestUri = textIn(pushed.json, 'request_uri');
      const url = `/authorize?${form({ client_id: 'public-1', request_uri: requestUri })}`;
      const answers = await together(() => browser.get(url));
      const codes = answers.filter(({ headers }) =>
        headers.some(([name, value]) => name === 'location' && value.includes('code=')),
      );
      expect(codes).toHaveLength(1);
      const others = answers.filter((answer) => !codes.includes(answer));
      expect(new Set(others.map(({ status }) => status))).toEqual(new Set([400]));
    }
  }, 300_000);
});

function together<T>(attempt: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: parallel }, attempt));
}
