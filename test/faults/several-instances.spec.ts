import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import { byName } from '../support/client-credentials.js';
import { alice, startSampleApp, type HeadlessUser } from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import { suiteUser } from '../support/suite-user.js';
import { onTheWire, type WireAnswer } from '../support/wire-answer.js';
import {
  keyInToken,
  provenRequest,
  registeredClient,
  signedApiRequest,
} from './support/fault-client.js';
import { describeFaults } from './support/fault-servers.js';
import { FindThenSave } from './support/find-then-save.js';
import { Instances } from './support/instances.js';
import { RedisServer } from './support/redis-server.js';
import { sameAssertion } from './support/same-assertion.js';
import { Tallies, Tally } from './support/tally.js';
import { inBrowser } from './support/in-browser.js';

const copies = 25;
const rounds = 5;
/** So few that they are there within the grace, however busy the machine is. */
const siblingCount = 10;

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

describeFaults('three instances on one PostgreSQL and one Redis', ['PostgreSQL', 'Redis'], () => {
  let instances: Instances;
  let client: SuiteClient;
  let user: HeadlessUser;

  beforeAll(async () => {
    instances = await Instances.start(3);
    client = await registeredClient(instances.issuer);
    user = alice();
    await client.code(client.request(), user);
  });
  afterAll(() => instances.close());

  const aToken = async () =>
    textIn(
      (await client.post('/token', { grant_type: 'client_credentials' })).json,
      'access_token',
    );
  const aCode = () => client.code(client.request(), user);

  /** Copies of one message at once, taken in turn by all instances; in every round another one. */
  async function race(
    what: string,
    aMessage: () => Promise<() => Promise<Pick<WireAnswer, 'status' | 'body'>>>,
    refusal: { readonly status: number; readonly error: string },
  ): Promise<void> {
    const tally = tallies.scenario(`25 copies of ${what} at three instances`);
    for (let round = 0; round < rounds; round += 1) {
      const send = await aMessage();
      instances.balancer.served.length = 0;
      const answers = await Promise.all(Array.from({ length: copies }, send));
      expect(new Set(instances.balancer.served).size).toBe(3);
      tally.noteOnce(answers.map(({ status }) => status));
      const losers = answers.filter(({ status }) => status >= 400);
      expect(losers).toHaveLength(copies - 1);
      for (const { status, body } of losers) {
        expect({ status, body }).toEqual({
          status: refusal.status,
          body: expect.stringContaining(refusal.error),
        });
      }
    }
    const sent = rounds * copies;
    const told = { sent, accepted: rounds, refused: sent - rounds, unavailable: 0 };
    expect(tally.counts).toEqual({ ...told, acceptedTwice: 0, lost: 0 });
  }

  it('THR-28 OPS-05 AS-272 THR-93 take one of 25 copies of a DPoP proof', async () => {
    const token = await aToken();
    await race('a DPoP proof', () => provenRequest(instances.issuer, token), {
      status: 401,
      error: '"invalid_dpop_proof"',
    });
  });

  it('SHR-27 THR-93 take one of 25 copies of a signed HTTP request', async () => {
    const token = textIn((await client.redeem(await aCode(), keyInToken)).json, 'access_token');
    await race('a signed HTTP request', () => signedApiRequest(instances.issuer, token), {
      status: 401,
      error: '"invalid_token"',
    });
  });

  it('AS-86 THR-40 AS-272 THR-93 take one of 25 copies of a client assertion', async () => {
    const message = async () => {
      const same = await sameAssertion(client);
      return () => same.post('/token', { grant_type: 'client_credentials' });
    };
    await race('a client assertion', message, { status: 401, error: '"invalid_client"' });
  });

  it('AS-64 THR-49 AS-272 THR-93 redeem one of 25 copies of a code, and what came of it is dead', async () => {
    const issued: string[] = [];
    const message = async () => {
      const code = await aCode();
      return async () => {
        const answer = await client.redeem(code);
        if (answer.status === 200) issued.push(textIn(answer.json, 'access_token'));
        return answer;
      };
    };
    await race('a code', message, { status: 400, error: '"invalid_grant"' });
    expect(issued).toHaveLength(rounds);
    for (const token of issued) {
      expect((await client.post('/introspect', { token })).json).toEqual({ active: false });
    }
  });

  it('AS-34 THR-59 AS-272 THR-93 complete one of 25 authorizations by one request URI', async () => {
    const message = async () => {
      const parameters = { client_id: client.id, request_uri: await client.push() };
      const url = client.authorizationUrl(parameters);
      return async () => inBrowser(await user.open(url));
    };
    await race('a request URI', message, { status: 400, error: 'invalid_request_uri' });
  });

  it('AS-71 AS-72 THR-50 AS-272 THR-93 go on with one of the siblings that one refresh token gave within its grace', async () => {
    const { issuer } = instances;
    const own = {
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      jwks: undefined,
    };
    const registered = await registeredClient(issuer, undefined, own);
    const open = registered.with({ authentication: byName(registered.id) }).withoutProof();
    const tally = tallies.scenario('10 siblings of a rotated refresh token at three instances');
    for (let round = 0; round < 2; round += 1) {
      const asked = open.request({ scope: 'openid offline_access', prompt: 'consent' });
      const tokens = await open.tokens(asked, user);
      const first = textIn(tokens, 'refresh_token');
      const copiesOfOne = Array.from({ length: siblingCount }, () => open.refresh(first));
      const siblings = (await Promise.all(copiesOfOne)).map(({ json }) =>
        textIn(json, 'refresh_token'),
      );
      expect(new Set(siblings).size).toBe(siblingCount);
      const used = await Promise.all(siblings.map((sibling) => open.refresh(sibling)));
      tally.noteOnce(used.map(({ status }) => status));
      const winner = used.find(({ status }) => status === 200);
      const successor = textIn(winner?.json, 'refresh_token');
      expect((await open.refresh(successor)).json).toEqual({ error: 'invalid_grant' });
    }
    expect(tally.counts).toMatchObject({ accepted: 2, acceptedTwice: 0, lost: 0 });
  });

  it('AS-272 AS-207 publish the same keys, and know what another signed', async () => {
    const sets = instances.apps.map(({ address }) => onTheWire(`${address}/jwks`));
    const [first, ...others] = (await Promise.all(sets)).map(({ json }) => json['keys']);
    expect(first).not.toHaveLength(0);
    for (const other of others) expect(other).toEqual(first);
    instances.only(0);
    const token = await aToken();
    for (const index of [1, 2]) {
      instances.only(index);
      const send = await provenRequest(instances.issuer, token);
      expect((await send()).status).toBe(200);
    }
    instances.all();
  });

  it('AS-272 AS-26 AS-64 share out one login: every request of it is answered by the next of them', async () => {
    const { balancer, issuer } = instances;
    balancer.served.length = 0;
    const stranger = await registeredClient(issuer);
    const { user: bob, asked } = suiteUser('allow', 'bob');
    const code = await stranger.code(stranger.request(), bob);
    expect(asked).toEqual(['password', 'consent']);
    const tokens = await stranger.redeem(code);
    const token = textIn(tokens.json, 'access_token');
    expect((await stranger.post('/introspect', { token })).json).toMatchObject({ active: true });
    expect((await (await provenRequest(issuer, token))()).status).toBe(200);
    const { served } = balancer;
    expect(served.length).toBeGreaterThan(8);
    for (const [index, port] of served.entries()) expect(port).not.toBe(served[index + 1]);
  });

  it('OPS-10 AS-272 hand out nonces that are as good at another of them', async () => {
    const demanding = { SERVER_NONCES: 'required' };
    const apps = await Promise.all([1, 2].map(() => instances.startOne(undefined, demanding)));
    try {
      const [one, other] = apps.map(({ port }) => port);
      const ask = (nonce?: string) =>
        client.post('/token', { grant_type: 'client_credentials' }, { nonce });
      instances.balancer.use([one ?? 0]);
      const refused = await ask();
      expect(refused.json).toMatchObject({ error: 'use_dpop_nonce' });
      const nonce = refused.headers.get('dpop-nonce') ?? '';
      instances.balancer.use([other ?? 0]);
      expect((await ask(`${nonce.slice(0, -2)}xx`)).json).toMatchObject({
        error: 'use_dpop_nonce',
      });
      expect((await ask(nonce)).status).toBe(200);
    } finally {
      instances.all();
      await Promise.all(apps.map((app) => app.end('SIGKILL')));
    }
  });

  it('INV-6 would be found out if they did not share their replay memory', async () => {
    const apart = await RedisServer.startAged();
    const app = await instances.startOne(undefined, { REDIS_URL: apart.url });
    try {
      const [other] = instances.apps;
      instances.balancer.use([app.port, other?.port ?? 0]);
      const send = await provenRequest(instances.issuer, await aToken());
      const answers = await Promise.all(Array.from({ length: copies }, send));
      const tally = new Tally('instances that share no replay memory');
      tally.noteOnce(answers.map(({ status }) => status));
      expect(tally.counts).toMatchObject({ accepted: 2, acceptedTwice: 1 });
    } finally {
      instances.all();
      await app.end('SIGKILL');
      await apart.close();
    }
  });
});

describe('one instance whose replay memory is not atomic', () => {
  it('INV-6 THR-93 would be found out: 25 copies of a DPoP proof are taken at once', async () => {
    const replay = new FindThenSave();
    const app = await startSampleApp({}, { replay });
    try {
      const machine = await registeredClient(app.issuer);
      const granted = await machine.post('/token', { grant_type: 'client_credentials' });
      const send = await provenRequest(app.issuer, textIn(granted.json, 'access_token'));
      replay.atOnce = copies;
      const answers = await Promise.all(Array.from({ length: copies }, send));
      replay.atOnce = 1;
      const tally = new Tally('an instance whose replay memory is not atomic');
      tally.noteOnce([...answers, await send()].map(({ status }) => status));
      expect(tally.counts).toMatchObject({ acceptedTwice: copies - 1, refused: 1 });
    } finally {
      await app.close();
    }
  });
});
