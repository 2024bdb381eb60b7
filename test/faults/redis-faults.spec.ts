import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import {
  alice,
  startSampleApp,
  type HeadlessUser,
  type SampleApp,
} from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../support/wire-answer.js';
import { AppProcess, statusOf } from './support/app-process.js';
import { eventually } from './support/eventually.js';
import {
  keyInToken,
  provenRequest,
  registeredClient,
  signedApiRequest,
} from './support/fault-client.js';
import { FaultProxy } from './support/fault-proxy.js';
import { describeFaults } from './support/fault-servers.js';
import { inBrowser } from './support/in-browser.js';
import { secret } from './support/instances.js';
import {
  expectRecovery,
  expectPageToComeAgain,
  expectToldToComeAgain,
  expectUnreadyButAlive,
  inTime,
  through,
  type Fault,
} from './support/outage.js';
import { ownDirectory, removeDirectory } from './support/own-directory.js';
import { RedisServer } from './support/redis-server.js';
import { Tallies } from './support/tally.js';
import { WrongClock } from './support/wrong-clock.js';

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

describeFaults('an app whose Redis', ['Redis'], () => {
  let redis: RedisServer;
  let proxy: FaultProxy;
  let directory: string;
  let app: AppProcess;
  let client: SuiteClient;
  let user: HeadlessUser;

  beforeAll(async () => {
    redis = await RedisServer.startAged();
    proxy = await FaultProxy.start(redis.port);
    directory = await ownDirectory();
    app = await AppProcess.start({
      environment: {
        STORAGE: `sqlite:${directory}/app.sqlite`,
        REDIS_URL: `redis://127.0.0.1:${String(proxy.port)}`,
        KEYBOUND_SECRET: secret,
      },
    });
    client = await registeredClient(app.issuer);
    user = alice();
    await client.code(client.request(), user);
  });
  afterAll(async () => {
    await app.end('SIGKILL');
    await proxy.close();
    await redis.close();
    await removeDirectory(directory);
  });

  const machineToken = () => client.post('/token', { grant_type: 'client_credentials' });
  const between = () => proxy;
  const faults: readonly Fault[] = [
    { ids: 'OPS-08 THR-66', name: 'refuses connections', ...through(between, { kind: 'refuse' }) },
    { ids: 'OPS-08 THR-66', name: 'resets connections', ...through(between, { kind: 'reset' }) },
    {
      ids: 'OPS-08 THR-66',
      name: 'answers nothing',
      hears: true,
      ...through(between, { kind: 'black-hole' }),
    },
    {
      ids: 'OPS-08 THR-66',
      name: 'has forgotten its connections',
      ...through(between, { kind: 'half-open' }),
    },
    {
      ids: 'OPS-08 THR-66',
      name: 'answers a minute late',
      hears: true,
      ...through(between, { kind: 'delay', milliseconds: 60_000 }),
    },
    {
      ids: 'OPS-08 THR-66',
      name: 'stands still',
      hears: true,
      begin: async () => {
        redis.pause();
      },
      end: async () => {
        redis.resume();
      },
    },
    {
      ids: 'OPS-08 THR-66 THR-68',
      name: 'has no room left',
      begin: () => redis.command('CONFIG', 'SET', 'maxmemory', '1'),
      end: () => redis.command('CONFIG', 'SET', 'maxmemory', '0'),
    },
    {
      ids: 'OPS-08 THR-66 THR-69',
      name: 'has become a replica',
      begin: () => redis.command('REPLICAOF', '127.0.0.1', '1'),
      end: () => redis.command('REPLICAOF', 'NO', 'ONE'),
    },
  ];

  it.each(faults)(
    '$ids $name lets nothing through, says when to come again, and recovers by itself',
    async ({ name, hears, begin, end }) => {
      const tally = tallies.scenario(`Redis ${name}`);
      const note = (answer: Pick<WireAnswer, 'status'>) => {
        tally.note(answer.status);
      };
      const token = textIn((await machineToken()).json, 'access_token');
      const withKey = await client.redeem(await client.code(client.request(), user), keyInToken);
      const tokenWithKey = textIn(withKey.json, 'access_token');
      const before = await provenRequest(app.issuer, token);
      const proof = await provenRequest(app.issuer, token);
      note(await before());
      await begin();
      try {
        for (const answer of await Promise.all([inTime(proof()), inTime(machineToken())])) {
          expectToldToComeAgain(answer);
          note(answer);
        }
        await expectUnreadyButAlive(app);
        for (const ask of [
          () => client.post('/par', client.request()),
          () => client.post('/revoke', { token }),
          () => client.post('/introspect', { token }),
          proof,
          await signedApiRequest(app.issuer, tokenWithKey),
        ]) {
          const answer = await inTime(ask());
          expectToldToComeAgain(answer);
          note(answer);
        }
        const page = inTime(user.open(client.authorizationUrl(client.request())));
        expectPageToComeAgain(await inBrowser(await page));
        await expectTheRest();
      } finally {
        await end();
      }
      await expectRecovery(app);
      const retries = [(await proof()).status, (await proof()).status];
      expect(retries).toEqual([hears === true ? 401 : 200, 401]);
      tally.noteOnce(retries);
      note(await before());
      note(await machineToken());
      const fresh = await provenRequest(app.issuer, token);
      note(await fresh());
      const accepted = hears === true ? 3 : 4;
      expect(tally.counts).toMatchObject({ accepted, unavailable: 7, acceptedTwice: 0, lost: 0 });
    },
  );

  /** What needs no Redis goes on. */
  async function expectTheRest(): Promise<void> {
    const { issuer } = app;
    for (const path of ['/jwks', '/.well-known/openid-configuration', '/api/public']) {
      expect((await onTheWire(issuer + path)).status).toBe(200);
    }
    expect((await onTheWire(`${issuer}/api/whoami`)).status).toBe(401);
  }
});

/** More than the app takes to settle, and less than for how long a proof is good. */
const window = 70;

describeFaults('an app whose Redis lost its memory', ['Redis'], () => {
  let redis: RedisServer;
  let clock: WrongClock;
  let app: SampleApp;

  beforeEach(async () => {
    redis = await RedisServer.startAged();
    clock = new WrongClock();
    app = await startSampleApp({ REDIS_URL: redis.url }, { clock });
  });
  afterEach(async () => {
    await app.close();
    await redis.close();
  });

  const readiness = () => statusOf(`${app.issuer}/readyz`);

  const losses = [
    {
      name: 'was started anew',
      lose: async () => {
        await redis.stop();
        await redis.start();
      },
    },
    { name: 'was flushed', lose: () => redis.command('FLUSHALL') },
  ];

  it.each(losses)(
    'THR-68 THR-28 $name refuses what may have been used, and takes fresh proofs once they cannot have been',
    async ({ name, lose }) => {
      const tally = tallies.scenario(`Redis ${name}, empty`);
      const client = await registeredClient(app.issuer, () => clock.now());
      const granted = await client.post('/token', { grant_type: 'client_credentials' });
      const token = textIn(granted.json, 'access_token');
      const aProof = () => provenRequest(app.issuer, token, () => clock.now());
      const [used, unused] = [await aProof(), await aProof()];
      const usedStatuses = [(await used()).status];
      expect(await readiness()).toBe(200);
      await lose();
      expect(await eventually(async () => (await used()).status !== 503)).toBe(true);
      usedStatuses.push((await used()).status);
      expect((await unused()).status).toBe(401);
      expect((await (await aProof())()).status).toBe(401);
      expect(await readiness()).toBe(503);
      expect(app.audited.at(-2)).toMatchObject({ code: 'replay.forgotten', requirement: 'THR-68' });

      clock.aheadSeconds += window;
      expect(await readiness()).toBe(200);
      usedStatuses.push((await used()).status);
      const fresh = await aProof();
      tally.noteOnce([(await fresh()).status, (await fresh()).status]);
      tally.noteOnce([(await unused()).status]);
      tally.noteOnce(usedStatuses);
      expect(usedStatuses).toEqual([200, 401, 401]);
      const refused = { refused: 4, unavailable: 0, acceptedTwice: 0, lost: 0 };
      expect(tally.counts).toEqual({ sent: 6, accepted: 2, ...refused });
    },
  );
});
