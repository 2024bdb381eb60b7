import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import { byName } from '../support/client-credentials.js';
import {
  alice,
  startSampleApp,
  type HeadlessUser,
  type SampleApp,
} from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import type { WireAnswer } from '../support/wire-answer.js';
import { provenRequest, registeredClient } from './support/fault-client.js';
import { describeFaults } from './support/fault-servers.js';
import { PostgresServer } from './support/postgres-server.js';
import { RedisServer } from './support/redis-server.js';
import {
  postgresAndRedisUnderClock,
  postgresUnderClock,
  sqliteUnderClock,
  type OpenUnderClock,
  type StoresUnderClock,
} from './support/stores-under-clock.js';
import { Tallies } from './support/tally.js';
import { WrongClock } from './support/wrong-clock.js';

const hour = 3_600;

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

/** What the clock shows at first, then wrongly, then again. Everything was swept while it was wrong. */
const steps = [
  ['an hour ahead and back', hour],
  ['an hour back and ahead again', -hour],
] as const;

describe('on SQLite', () => {
  underWrongClock('SQLite', sqliteUnderClock);
});

describeFaults('on PostgreSQL', ['PostgreSQL'], () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.close());
  underWrongClock('PostgreSQL', (clock) => postgresUnderClock(server)(clock));
});

describeFaults('on PostgreSQL and Redis', ['PostgreSQL', 'Redis'], () => {
  let server: PostgresServer;
  let cache: RedisServer;
  beforeAll(async () => {
    [server, cache] = await Promise.all([PostgresServer.start(), RedisServer.start()]);
  });
  afterAll(() => Promise.all([server.close(), cache.close()]));
  underWrongClock('PostgreSQL and Redis', (clock) =>
    postgresAndRedisUnderClock(server, cache)(clock),
  );
});

function underWrongClock(where: string, open: OpenUnderClock) {
  let clock: WrongClock;
  let stores: StoresUnderClock;
  let app: SampleApp;
  let client: SuiteClient;
  let user: HeadlessUser;

  beforeEach(async () => {
    clock = new WrongClock();
    stores = await open(clock);
    app = await startSampleApp({}, { ...stores.parts, clock });
    client = await registeredClient(app.issuer, () => clock.now());
    user = alice();
    await client.code(client.request(), user);
  });
  afterEach(async () => {
    await app.close();
    await stores.close();
  });

  const now = () => clock.now();
  const machineToken = () => client.post('/token', { grant_type: 'client_credentials' });
  const requestWith = ({ json }: WireAnswer) =>
    provenRequest(app.issuer, textIn(json, 'access_token'), now);
  const aRequest = async () => requestWith(await machineToken());
  const aCode = () => client.code(client.request(), user);

  it.each(steps)(
    'THR-65 THR-28 INV-3 accepts no proof twice while the clock goes %s',
    async (name, wrong) => {
      const tally = tallies.scenario(`${where}: proofs, the clock ${name}`);
      const early = await aRequest();
      const earlyStatuses = [(await early()).status];
      clock.aheadSeconds += wrong;
      earlyStatuses.push((await early()).status);
      const granted = await machineToken();
      // Of a time that is swept already, a store knows nothing, and says so.
      const late = granted.status === 503 ? undefined : await requestWith(granted);
      const lateStatuses = late === undefined ? [503] : [(await late()).status];
      if (late !== undefined) lateStatuses.push((await late()).status);
      await stores.sweepAll();
      clock.aheadSeconds -= wrong;
      for (const _again of [1, 2]) earlyStatuses.push((await early()).status);
      if (late !== undefined) lateStatuses.push((await late()).status);
      tally.noteOnce(earlyStatuses);
      tally.noteOnce(lateStatuses);
      expect(earlyStatuses[0]).toBe(200);
      if (wrong > 0) expect(lateStatuses[0]).toBe(200);
      expect(tally.counts).toMatchObject({ acceptedTwice: 0, lost: 0 });
    },
  );

  it.each(steps)(
    'THR-65 keeps what somebody holds while the clock goes %s, and ended records are dropped',
    async (name, wrong) => {
      const tally = tallies.scenario(`${where}: what is held, the clock ${name}`);
      const code = await aCode();
      const asked = client.request({ scope: 'openid offline_access', prompt: 'consent' });
      const refreshToken = textIn(await client.tokens(asked, user), 'refresh_token');
      clock.aheadSeconds += wrong;
      for (const { status } of [await machineToken(), await client.post('/par', asked)]) {
        expect([200, 201, 503]).toContain(status);
      }
      await clock.isAsked();
      clock.aheadSeconds -= wrong;
      tally.note((await (await aRequest())()).status);
      tally.note((await client.redeem(code)).status);
      tally.note((await client.refresh(refreshToken)).status);
      const silent = client.request({ prompt: 'none' });
      tally.note(typeof (await client.authorize(silent, user))['code'] === 'string' ? 200 : 400);
      expect(tally.counts).toMatchObject({ sent: 4, accepted: 4 });
    },
  );

  it.each(steps)(
    'THR-65 THR-49 AS-64 redeems no code twice while the clock goes %s',
    async (name, wrong) => {
      const tally = tallies.scenario(`${where}: codes, the clock ${name}`);
      const [redeemed, kept] = [await aCode(), await aCode()];
      const statuses = [(await client.redeem(redeemed)).status];
      const keptStatuses: number[] = [];
      const tryBoth = async () => {
        statuses.push((await client.redeem(redeemed)).status);
        for (const _again of [1, 2]) keptStatuses.push((await client.redeem(kept)).status);
      };
      clock.aheadSeconds += wrong;
      await tryBoth();
      await stores.sweepAll();
      clock.aheadSeconds -= wrong;
      await tryBoth();
      tally.noteOnce(statuses);
      tally.noteOnce(keptStatuses);
      expect(tally.counts).toMatchObject({ sent: 7, acceptedTwice: 0, lost: 0 });
      expect(statuses[0]).toBe(200);
    },
  );

  it.each(steps)(
    'THR-65 THR-50 AS-71 keeps the order of a refresh chain while the clock goes %s',
    async (name, wrong) => {
      const tally = tallies.scenario(`${where}: refresh chains, the clock ${name}`);
      const { id } = await registeredClient(app.issuer, now, {
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        jwks: undefined,
      });
      const open = client.with({ id, authentication: byName(id) }).withoutProof();
      const asked = open.request({ scope: 'openid offline_access', prompt: 'consent' });
      const chain = [textIn(await open.tokens(asked, user), 'refresh_token')];
      const refresh = async () => {
        const answer = await open.refresh(chain.at(-1) ?? '');
        tally.note(answer.status);
        chain.push(textIn(answer.json, 'refresh_token'));
      };
      await refresh();
      clock.aheadSeconds += wrong;
      await refresh();
      await stores.sweepAll();
      clock.aheadSeconds -= wrong;
      await refresh();
      await refresh();
      expect(tally.counts).toMatchObject({ sent: 4, accepted: 4 });
      const reused = await open.refresh(chain[1] ?? '');
      tally.note(reused.status);
      expect(reused.json).toEqual({ error: 'invalid_grant' });
      const newest = await open.refresh(chain.at(-1) ?? '');
      tally.note(newest.status);
      expect(newest.json).toEqual({ error: 'invalid_grant' });
    },
  );
}
