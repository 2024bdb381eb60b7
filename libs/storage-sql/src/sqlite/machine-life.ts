import { StoreUnavailableError, systemClock, type Clock } from '@keybound/core';
import { sql } from 'kysely';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Database } from '../database/database.js';
import { noteLife } from '../replay/replay-memory.js';

/** Drawn by chance when a Linux machine starts. */
const bootId = '/proc/sys/kernel/random/boot_id';
/** By how much another machine may seem to have started earlier or later, as its clock is set. */
const clockToleranceSeconds = 5;

/**
 * A file has its life on one machine, from its start to its end: as long as that runs, what was written
 * is there, whatever became of the process that wrote it. Where it failed, the last of what was not
 * waited for may be lost (THR-68); but not where everybody had closed the file by then.
 */
export async function beginLife({ transaction }: Database, clock: Clock): Promise<void> {
  const machine = thisMachine();
  await transaction(async (db) => {
    const isNew = await noteLife.changes(db, { ...machine, began: clock.now() + 1 });
    await db
      .updateTable('keybound_replay_memory')
      .set({ open_by: isNew ? 1 : sql`open_by + 1` })
      .execute();
  });
}

/** Nothing is written any more by whoever began it. Who fails here, or never comes here, is not counted. */
export async function endLife({ db }: Database): Promise<void> {
  try {
    await db
      .updateTable('keybound_replay_memory')
      .set({ open_by: sql`open_by - 1`, life: sql`case when open_by > 1 then life end` })
      .execute();
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
  }
}

function thisMachine(): { readonly life: number; readonly tolerance: number } {
  try {
    const digits = readFileSync(bootId, 'latin1').replaceAll('-', '').slice(0, 12);
    return { life: Number.parseInt(digits, 16), tolerance: 0 };
  } catch {
    // No Linux.
    return { life: Math.round(systemClock.now() - uptime()), tolerance: clockToleranceSeconds };
  }
}
