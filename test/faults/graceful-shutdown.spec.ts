import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import type { SuiteClient } from '../support/suite-client.js';
import { AppProcess, statusOf } from './support/app-process.js';
import { eventually } from './support/eventually.js';
import { provenRequest, registeredClient } from './support/fault-client.js';
import { FaultProxy } from './support/fault-proxy.js';
import { describeFaults } from './support/fault-servers.js';
import { Instances, patientlyOn } from './support/instances.js';
import { Load } from './support/load.js';
import { PostgresServer } from './support/postgres-server.js';
import { Tallies, type Tally } from './support/tally.js';

const workers = 8;

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

describeFaults('instances under load that are told to end', ['PostgreSQL', 'Redis'], () => {
  let instances: Instances;
  let client: SuiteClient;
  let token: string;

  beforeAll(async () => {
    instances = await Instances.start(3, { SHUTDOWN_DELAY: '2' });
    void instances.balancer.watchReadiness();
    client = await registeredClient(instances.issuer);
    const answer = await client.post('/token', { grant_type: 'client_credentials' });
    token = textIn(answer.json, 'access_token');
  });
  afterAll(() => instances.close());

  /** Turn about, a token and a call of the API. */
  function load(tally: Tally): Load {
    let count = 0;
    const ask = async () => {
      count += 1;
      if (count % 2 === 0) return (await (await provenRequest(instances.issuer, token))()).status;
      return (await client.post('/token', { grant_type: 'client_credentials' })).status;
    };
    return new Load(workers, ask, tally);
  }

  const nothingBut = ({ counts }: Tally) => ({ ...counts, accepted: counts.sent });

  /** Ends one as its operator would, and waits until it did. */
  async function endsWell(index: number): Promise<void> {
    expect(await instances.apps[index]?.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }
  const startAgain = async (index: number) => {
    const app = instances.apps[index];
    if (app !== undefined) instances.apps[index] = await instances.startOne(app.port);
  };

  it('THR-71 end after they answered all that they took, while the others take the rest', async () => {
    const tally = tallies.scenario('SIGTERM of one of three instances under load');
    const running = load(tally);
    await tally.reaches(50);
    await endsWell(0);
    await tally.reaches(tally.counts.accepted + 50);
    await running.stop();
    expect(tally.counts).toEqual(nothingBut(tally));
    await startAgain(0);
  });

  it('THR-70 THR-71 are started anew, one after another, and every request is answered', async () => {
    const tally = tallies.scenario('rolling restart of three instances under load');
    const running = load(tally);
    for (const index of [0, 1, 2]) {
      await tally.reaches(tally.counts.accepted + 20);
      await endsWell(index);
      await startAgain(index);
    }
    await running.stop();
    expect(tally.counts).toEqual(nothingBut(tally));
  });
});

describeFaults('one that is told to end amid a redemption', ['PostgreSQL'], () => {
  let postgres: PostgresServer;
  let proxy: FaultProxy;
  let app: AppProcess;
  let client: SuiteClient;

  beforeEach(async () => {
    postgres = await PostgresServer.start();
    proxy = await FaultProxy.start(postgres.port);
    app = await AppProcess.start({ environment: patientlyOn(postgres.urlAt(proxy.port)) });
    client = await registeredClient(app.issuer);
  });
  afterEach(async () => {
    await app.end('SIGKILL');
    await proxy.close();
    await postgres.close();
  });

  const isListening = async () => (await statusOf(`${app.address}/healthz`)) !== undefined;

  it('THR-71 THR-67 takes nobody any more, finishes it, answers, and ends', async () => {
    const code = await client.code();
    const withheld = proxy.withhold('answer', (said) => said.includes('commit'));
    const redemption = client.redeem(code);
    const { deliver } = await withheld;
    app.signal('SIGTERM');
    expect(await eventually(async () => !(await isListening()))).toBe(true);
    deliver();
    const { status, headers } = await redemption;
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(await app.ended).toEqual({ code: 0, signal: null });
  });

  it('THR-71 THR-67 ends at once where it is told a second time, and the code still works', async () => {
    const code = await client.code();
    const withheld = proxy.withhold('question', (said) => said.includes('commit'));
    const redemption = client.redeem(code).catch(() => undefined);
    await withheld;
    app.signal('SIGTERM');
    expect(await eventually(async () => !(await isListening()))).toBe(true);
    app.signal('SIGTERM');
    expect(await app.ended).toEqual({ code: 1, signal: null });
    expect(await redemption).toBeUndefined();
    app = await AppProcess.start({ port: app.port, environment: patientlyOn(postgres.url) });
    expect((await client.redeem(code)).status).toBe(200);
    expect((await client.redeem(code)).status).toBe(400);
  });
});
