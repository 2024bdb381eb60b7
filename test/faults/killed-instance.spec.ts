import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { alice, type HeadlessUser } from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import { AppProcess } from './support/app-process.js';
import { registeredClient } from './support/fault-client.js';
import { FaultProxy } from './support/fault-proxy.js';
import { describeFaults } from './support/fault-servers.js';
import { patientlyOn } from './support/instances.js';
import { liveGrants, PostgresHolders } from './support/postgres-holders.js';
import { PostgresServer } from './support/postgres-server.js';
import { RoundRobin } from './support/round-robin.js';
import { Tallies } from './support/tally.js';

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

type Moment = () => (said: string) => boolean;

const readOfCode: Moment = () => (said) => said.includes('keybound_code');

/** Not that of the replay memory, which comes first. */
const commitOfTokens: Moment = () => {
  let isWritten = false;
  return (said) => {
    isWritten ||= said.includes('insert into "keybound_refresh_token"');
    return isWritten && said.includes('commit');
  };
};

/** Of the balancer: whoever was asked is gone, and what became of the request is not known. */
const nothingHeard = 502;

describeFaults('of two instances on one PostgreSQL, one that', ['PostgreSQL'], () => {
  let balancer: RoundRobin;
  let postgres: PostgresServer;
  let others: PostgresHolders;
  let proxy: FaultProxy;
  let survivor: AppProcess;
  let doomed: AppProcess | undefined;
  let client: SuiteClient;
  let user: HeadlessUser;

  const startAt = (storage: string) =>
    AppProcess.start({
      issuer: balancer.address,
      environment: patientlyOn(storage),
    });

  beforeAll(async () => {
    balancer = await RoundRobin.start();
    postgres = await PostgresServer.start();
    others = new PostgresHolders(postgres.url);
    proxy = await FaultProxy.start(postgres.port);
    survivor = await startAt(postgres.url);
    balancer.use([survivor.port]);
    client = await registeredClient(balancer.address);
    user = alice();
    await client.code(client.request(), user);
  });
  afterEach(() => doomed?.end('SIGKILL'));
  afterAll(async () => {
    await survivor.end('SIGKILL');
    await Promise.all([balancer.close(), proxy.close(), postgres.close()]);
  });

  const aCode = () =>
    client.code(client.request({ scope: 'openid offline_access', prompt: 'consent' }), user);

  /** The first retry at whoever is left, and the second. No more than one of them may succeed. */
  async function retries(code: string): Promise<readonly number[]> {
    balancer.use([survivor.port]);
    return [(await client.redeem(code)).status, (await client.redeem(code)).status];
  }

  it.each([
    ['K1', 'before it read the code', 'question', readOfCode, [200, 400]],
    ['K2', 'before what it wrote was committed', 'question', commitOfTokens, [200, 400]],
    ['K3', 'after that, before it knew', 'answer', commitOfTokens, [400, 400]],
  ] as const)(
    'THR-67 THR-92 AS-271 (%s) is killed %s leaves no tokens that nobody holds',
    async (point, _when, what, moment, expected) => {
      const tally = tallies.scenario(`instance killed at ${point}`);
      const code = await aCode();
      const alive = await liveGrants(others);
      doomed = await startAt(postgres.urlAt(proxy.port));
      balancer.use([doomed.port]);
      const withheld = proxy.withhold(what, moment());
      const redemption = client.redeem(code);
      await withheld;
      await doomed.end('SIGKILL');
      expect((await redemption).status).toBe(nothingHeard);
      const statuses = await retries(code);
      tally.noteOnce(statuses);
      expect(statuses).toEqual(expected);
      expect(tally.counts).toMatchObject({ acceptedTwice: 0, lost: 0 });
      expect(await liveGrants(others)).toBe(alive);
    },
  );

  it('THR-67 THR-49 AS-271 (K4) answers in vain: whoever picked up the answer holds nothing after the retry', async () => {
    const tally = tallies.scenario('answer lost at K4');
    const code = await aCode();
    const alive = await liveGrants(others);
    const front = await FaultProxy.start(survivor.port);
    balancer.use([front.port]);
    const withheld = front.withhold('answer', (said) => said.startsWith('POST /token '));
    const redemption = client.redeem(code);
    const { text, cut } = await withheld;
    const token = /"access_token":"([^"]+)"/.exec(text)?.[1] ?? '';
    const refreshToken = /"refresh_token":"([^"]+)"/.exec(text)?.[1] ?? '';
    cut();
    expect((await redemption).status).toBe(nothingHeard);
    balancer.use([survivor.port]);
    expect((await client.post('/introspect', { token })).json).toMatchObject({ active: true });
    const statuses = await retries(code);
    tally.noteOnce(statuses);
    expect(statuses).toEqual([400, 400]);
    expect((await client.post('/introspect', { token })).json).toEqual({ active: false });
    expect((await client.refresh(refreshToken)).json).toEqual({ error: 'invalid_grant' });
    expect(await liveGrants(others)).toBe(alive);
    await front.close();
  });
});
