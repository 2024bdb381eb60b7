import { systemClock } from '@keybound/core';
import type { Database } from './database/database.js';
import { UnderWay } from './database/under-way.js';
import type { PostgresConfiguration, SqliteConfiguration } from './options.schema.js';
import { checkReplayMemory } from './replay/replay-memory.js';
import { SqlClientStore } from './sql-client-store.js';
import { SqlCounterStore } from './sql-counter-store.js';
import { SqlGrantStore } from './sql-grant-store.js';
import { SqlKeyStore } from './sql-key-store.js';
import { SqlReplayStore } from './sql-replay-store.js';
import { SqlSessionStore } from './sql-session-store.js';
import type { SqlStorage } from './sql-storage.js';
import { Sweeper } from './sweep/sweeper.js';

interface OpenDatabase {
  /** For what must survive whatever happens. */
  readonly durable: Database;
  /** For what is worth less than waiting for the disk. */
  readonly swift: Database;
  readonly configuration: SqliteConfiguration | PostgresConfiguration;
  /** Called once, when nothing is under way. */
  readonly close: () => Promise<void>;
}

/** The ports over a database that is up to date. */
export function storageOn({ durable, swift, configuration, close }: OpenDatabase): SqlStorage {
  const { clock = systemClock, audit, sweepSeconds } = configuration;
  const sweeper = new Sweeper(swift, clock, audit);
  if (sweepSeconds !== 'off') sweeper.start(sweepSeconds);
  const underWay = new UnderWay();
  let closing: Promise<void> | undefined;
  return {
    stores: {
      grants: underWay.track(new SqlGrantStore(durable)),
      clients: underWay.track(new SqlClientStore(durable)),
      sessions: underWay.track(new SqlSessionStore(durable)),
      counters: underWay.track(new SqlCounterStore(swift)),
    },
    replay: underWay.track(new SqlReplayStore(swift)),
    keys: underWay.track(new SqlKeyStore(durable)),
    check: () => underWay.run(() => checkReplayMemory(durable)),
    sweep: () => underWay.run(() => sweeper.sweep()),
    close: () => {
      closing ??= Promise.all([underWay.over(), sweeper.stop()]).then(close);
      return closing;
    },
  };
}
