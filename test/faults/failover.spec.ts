import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { seconds, spendOf, StoreUnavailableError, type Spend } from '@keybound/core';
import { openPostgres, type SqlStorage } from '@keybound/storage-sql';
import { SettableClock } from '@keybound/testing';
import { eventually } from './support/eventually.js';
import { describeFaults } from './support/fault-servers.js';
import { PostgresServer } from './support/postgres-server.js';

describeFaults('stores whose PostgreSQL fails over', ['PostgreSQL'], () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  let storage: SqlStorage;
  const clock = new SettableClock();

  /** What can be used from now on. */
  const thing = (): Promise<Spend> => {
    const since = clock.now();
    return spendOf('failover', [crypto.randomUUID()], { since, until: seconds(since + 300) });
  };
  const claim = (spend: Spend) => storage.replay.claim([spend], clock.now());

  beforeEach(async () => {
    primary = await PostgresServer.start();
    const { url } = primary;
    storage = await openPostgres({ url, clock, sweepSeconds: 'off', timeoutMs: 10_000 });
    standby = await primary.standby();
  });
  afterEach(async () => {
    await storage.close();
    await standby.close();
    await primary.close();
  });

  it('THR-68 THR-69 refuse from the first moment what may have been used before, and take what is newer', async () => {
    const [used, unused] = [await thing(), await thing()];
    expect(await claim(used)).toEqual({ claimed: true });
    await primary.stop();
    await standby.start();
    await expect(claim(used)).rejects.toThrow(StoreUnavailableError);

    await standby.query('select pg_promote()');
    expect(await eventually(() => storage.check().then(...isSo))).toBe(true);
    for (const old of [used, unused]) {
      expect(await claim(old)).toMatchObject({ claimed: false, reason: 'forgotten' });
    }

    clock.advance(2);
    const fresh = await thing();
    expect(await claim(fresh)).toEqual({ claimed: true });
    expect(await claim(fresh)).toMatchObject({ claimed: false, reason: 'used' });
    expect(await claim(used)).toMatchObject({ claimed: false, reason: 'forgotten' });
  });
});

const isSo = [() => true, () => false] as const;
