import { systemClock } from '@keybound/core';
import type { PostgresConfiguration } from '../options.schema.js';
import { noteLife } from '../replay/replay-memory.js';
import type { SqlStorage } from '../sql-storage.js';
import { storageOn } from '../storage-on.js';
import { connectPostgres } from './connect-postgres.js';
import { inspectServer } from './inspect-server.js';
import { prepareDatabase } from './prepare-database.js';

/** By how much the clocks of instances may differ, and a second for what they do not show. */
const clockDifferenceSeconds = 2;

/** The stores over one server. What it throws: see `openPostgres`. */
export async function postgresStorage(configuration: PostgresConfiguration): Promise<SqlStorage> {
  await prepareDatabase(configuration);
  const { clock = systemClock } = configuration;
  let noted: number | undefined;
  const { database, close } = connectPostgres(configuration, async (connection, db) => {
    const life = await inspectServer(connection);
    if (life === noted) return;
    const began = clock.now() + clockDifferenceSeconds;
    await connection.executeQuery(noteLife.query(db, { life, tolerance: 0, began }));
    noted = life;
  });
  const storage = storageOn({ durable: database, swift: database, configuration, close });
  try {
    // Over its first connection: its life is noted before anything happens in it.
    await storage.check();
    return storage;
  } catch (error) {
    await storage.close();
    throw error;
  }
}
