import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import { alice, type HeadlessUser } from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../support/wire-answer.js';
import { AppProcess } from './support/app-process.js';
import { isKnown, provenRequest, registeredClient } from './support/fault-client.js';
import { FaultProxy } from './support/fault-proxy.js';
import { describeFaults } from './support/fault-servers.js';
import { secret } from './support/instances.js';
import {
  expectRecovery,
  expectToldToComeAgain,
  expectUnreadyButAlive,
  inTime,
  through,
  type Fault,
} from './support/outage.js';
import { liveGrants, PostgresHolders } from './support/postgres-holders.js';
import { PostgresServer } from './support/postgres-server.js';
import { Tallies } from './support/tally.js';

const manyCodes = 40;
const workers = 10;

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

describeFaults('an app whose PostgreSQL', ['PostgreSQL'], () => {
  let postgres: PostgresServer;
  let proxy: FaultProxy;
  let app: AppProcess;
  let client: SuiteClient;
  let user: HeadlessUser;
  let others: PostgresHolders;

  beforeAll(async () => {
    postgres = await PostgresServer.start({ max_connections: '20' });
    proxy = await FaultProxy.start(postgres.port);
    others = new PostgresHolders(postgres.url);
    app = await AppProcess.start({
      environment: { STORAGE: postgres.urlAt(proxy.port), KEYBOUND_SECRET: secret },
    });
    client = await registeredClient(app.issuer);
    user = alice();
    await client.code(refreshable(), user);
  });
  afterAll(async () => {
    await app.end('SIGKILL');
    await proxy.close();
    await postgres.close();
  });

  const machineToken = () => client.post('/token', { grant_type: 'client_credentials' });
  const refreshable = () => client.request({ scope: 'openid offline_access', prompt: 'consent' });
  const aCode = () => client.code(refreshable(), user);

  const between = () => proxy;
  const faults: readonly Fault[] = [
    { ids: 'THR-66', name: 'refuses connections', ...through(between, { kind: 'refuse' }) },
    { ids: 'THR-66', name: 'resets connections', ...through(between, { kind: 'reset' }) },
    { ids: 'THR-66', name: 'answers nothing', ...through(between, { kind: 'black-hole' }) },
    {
      ids: 'THR-66',
      name: 'has forgotten its connections',
      ...through(between, { kind: 'half-open' }),
    },
    {
      ids: 'THR-66',
      name: 'answers a minute late',
      ...through(between, { kind: 'delay', milliseconds: 60_000 }),
    },
    {
      ids: 'THR-66',
      name: 'is stopped',
      begin: () => postgres.stop('fast'),
      end: () => postgres.start(),
    },
    {
      ids: 'THR-66',
      name: 'has no connection left',
      begin: () => others.takeEveryConnection(),
      end: () => others.letGo(),
    },
    {
      ids: 'THR-66',
      name: 'waits for somebody who locked its tables',
      isReady: true,
      begin: async () => others.hold(`lock table ${await tables()} in access exclusive mode`),
      end: () => others.letGo(),
    },
    {
      ids: 'THR-66 THR-69',
      name: 'takes no writes',
      isReady: true,
      begin: () => others.run(readOnly('on'), 'select pg_reload_conf()'),
      end: () => others.run(readOnly('off'), 'select pg_reload_conf()'),
    },
  ];
  const readOnly = (value: 'on' | 'off') =>
    `alter system set default_transaction_read_only = ${value}`;
  const tables = async () => {
    const [found] = await others.run(
      `select string_agg(tablename, ', ') as names from pg_tables where tablename like 'keybound%'`,
    );
    return String((found?.rows as { names: string }[])[0]?.names);
  };

  it.each(faults)(
    '$ids $name lets nothing through, says when to come again, and recovers by itself',
    async ({ name, begin, end, isReady = false }) => {
      const tally = tallies.scenario(`PostgreSQL ${name}`);
      const code = await aCode();
      const tokens = await client.redeem(await aCode());
      const refreshToken = textIn(tokens.json, 'refresh_token');
      const token = textIn((await machineToken()).json, 'access_token');
      const proof = await provenRequest(app.issuer, token);
      await begin();
      try {
        const redemptions = [inTime(client.redeem(code)), inTime(proof())];
        for (const answer of await Promise.all(redemptions)) {
          expectToldToComeAgain(answer);
          tally.note(answer.status);
        }
        if (!isReady) await expectUnreadyButAlive(app);
        const more = [
          machineToken(),
          client.post('/par', client.request()),
          client.refresh(refreshToken),
          client.redeem(code),
          proof(),
        ];
        for (const answer of await Promise.all(more.map(inTime))) {
          expectToldToComeAgain(answer);
          tally.note(answer.status);
        }
        await expectTheRest();
      } finally {
        await end();
      }
      await expectRecovery(app);
      tally.noteOnce([(await proof()).status, (await proof()).status]);
      tally.note((await client.refresh(refreshToken)).status);
      tally.noteOnce([(await client.redeem(code)).status, (await client.redeem(code)).status]);
      expect(tally.counts).toMatchObject({ accepted: 3, refused: 2, acceptedTwice: 0, lost: 0 });
    },
  );

  it('THR-67 THR-92 AS-271 INV-3 stops amid many redemptions: no code is taken twice, and what was answered is known', async () => {
    const tally = tallies.scenario('PostgreSQL killed amid redemptions');
    const codes: string[] = [];
    while (codes.length < manyCodes) codes.push(await aCode());
    const waiting = [...codes];
    const alive = await liveGrants(others);
    const answers = new Map<string, WireAnswer[]>(codes.map((code) => [code, []]));
    const work = async () => {
      for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
        const answer = await client.redeem(code);
        answers.get(code)?.push(answer);
        tally.note(answer.status);
      }
    };
    const redemptions = Array.from({ length: workers }, work);
    await tally.reaches(manyCodes / 4);
    await postgres.stop('immediate');
    await Promise.all(redemptions);
    expect(tally.counts.unavailable).toBeGreaterThan(0);
    await postgres.start();
    await expectRecovery(app);

    for (const [code, told] of answers) {
      if (told[0]?.status === 200) continue;
      const answer = await client.redeem(code);
      told.push(answer);
      tally.note(answer.status);
    }
    for (const [code, told] of answers) {
      const [tokens] = told.filter(({ status }) => status === 200);
      if (tokens === undefined) continue;
      if (!(await isKnown(client, tokens.json))) tally.add('lost');
      const again = await client.redeem(code);
      tally.note(again.status);
      if (again.status === 200) tally.add('acceptedTwice');
    }
    expect(tally.counts).toMatchObject({ acceptedTwice: 0, lost: 0 });
    expect(await liveGrants(others)).toBe(alive);
  });

  it('THR-67 THR-92 AS-271 loses a connection at any moment of a redemption: what is alive is in the client’s hands', async () => {
    const tally = tallies.scenario('PostgreSQL connection cut at every moment of a redemption');
    for (const what of ['question', 'answer'] as const) {
      for (let moment = 0; ; moment += 1) {
        const code = await aCode();
        const alive = await liveGrants(others);
        const { answer, isPast } = await redeemLosing(what, moment, code);
        tally.note(answer.status);
        if (isPast) {
          expect(answer.status).toBe(200);
          expect(moment).toBeGreaterThan(3);
          break;
        }
        expectToldToComeAgain(answer);
        const retry = await client.redeem(code);
        tally.note(retry.status);
        if (retry.status !== 200) expect(retry.json).toEqual({ error: 'invalid_grant' });
        else if (!(await isKnown(client, retry.json))) tally.add('lost');
        expect(await liveGrants(others)).toBe(alive + (retry.status === 200 ? 1 : 0));
      }
    }
    expect(tally.counts).toMatchObject({ acceptedTwice: 0, lost: 0 });
    expect(tally.counts.refused).toBeGreaterThan(0);
  });

  /** Cuts the connection when so much was said to the database. @returns Whether it was not. */
  async function redeemLosing(what: 'question' | 'answer', moment: number, code: string) {
    let said = 0;
    const isNow = () => {
      said += 1;
      return said > moment;
    };
    void proxy.withhold(what, isNow).then((withheld) => {
      withheld.cut();
    });
    const answer = await client.redeem(code);
    const isPast = proxy.isWaiting;
    proxy.stopWaiting();
    return { answer, isPast };
  }

  /** What needs no store goes on. */
  async function expectTheRest(): Promise<void> {
    for (const path of ['/.well-known/openid-configuration', '/api/public']) {
      expect((await inTime(onTheWire(app.issuer + path))).status).toBe(200);
    }
    expect((await inTime(onTheWire(`${app.issuer}/api/whoami`))).status).toBe(401);
  }
});
