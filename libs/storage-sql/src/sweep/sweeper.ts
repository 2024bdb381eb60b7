import { safeText, StoreUnavailableError, type AuditLog, type Clock } from '@keybound/core';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { noteForgotten } from '../replay/replay-memory.js';
import { endingTables, rowsPerBatch, sweepBatch } from './sweep-batch.js';

/** How long a record stays after its end: a clock may step back by so much. */
const keptAfterEndSeconds = 600;

/** Where nobody else is to be told. */
const warnings: AuditLog = {
  record: ({ code, rule = '', actual = '' }) => {
    process.emitWarning(`Keybound, ${rule}: ${actual}`, code);
  },
};

/**
 * Drops what ended, a batch at a time.
 *
 * A clock that leaps ahead is not believed at once: from one run to the next, time passes at most twice
 * as fast as the runs are apart. So what a wrong clock takes for ended is still there when it is put
 * right (THR-65).
 */
export class Sweeper {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #audit: AuditLog;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #believed: number;
  #isOver = false;

  constructor(database: Database, clock: Clock, audit: AuditLog = warnings) {
    this.#database = database;
    this.#clock = clock;
    this.#audit = audit;
    this.#believed = clock.now();
  }

  start(everySeconds: number): void {
    this.#timer = setInterval(() => {
      this.#believed = Math.min(this.#clock.now(), this.#believed + 2 * everySeconds);
      this.#running ??= this.#run(this.#believed - keptAfterEndSeconds).finally(() => {
        this.#running = undefined;
      });
    }, everySeconds * 1_000).unref();
  }

  /** A batch of each table, by the clock as it stands. @returns How many rows were dropped. */
  async sweep(): Promise<number> {
    const before = this.#clock.now() - keptAfterEndSeconds;
    let dropped = 0;
    await noteForgotten.run(this.#database.db, { before });
    for (const table of endingTables) dropped += await sweepBatch(this.#database, table, before);
    return dropped;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#isOver = true;
    await this.#running;
  }

  async #run(before: number): Promise<void> {
    try {
      await noteForgotten.run(this.#database.db, { before });
      for (const table of endingTables) {
        let dropped = rowsPerBatch;
        while (dropped === rowsPerBatch && !this.#isOver) {
          dropped = await sweepBatch(this.#database, table, before);
          await othersTurn();
        }
      }
    } catch (error) {
      // Readiness and every request tell that the store is away; the next run tries again.
      if (!(error instanceof StoreUnavailableError)) this.#tell(error);
    }
  }

  /** Nobody waits for a run, so a bug in it would end the process. */
  #tell(bug: unknown): void {
    const { name, message } = bug instanceof Error ? bug : new Error(String(bug));
    const rule = 'what ended is dropped';
    const actual = safeText(message);
    this.#audit.record({ kind: 'fault', code: name, requirement: 'THR-73', rule, actual });
  }
}
