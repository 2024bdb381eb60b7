import { StoreUnavailableError } from '@keybound/core';
import type { CompiledQuery, QueryResult } from 'kysely';
import Libsql, { type Database as Handle, type Statement } from 'libsql';
import { Turns } from './turns.js';
import { isBusy } from './unless-bug.js';
import { WriteAheadLog } from './write-ahead-log.js';

/**
 * How much of the file is mapped, where SQLite allows so much: a page that is not among the few which
 * SQLite keeps itself is read without a system call, and without a copy. The memory is the system's.
 */
const mappedBytes = 2 ** 31;

export interface SqliteFileOptions {
  /** Or `:memory:`. */
  readonly file: string;
  readonly maxBytes: number | undefined;
}

/**
 * A database file as this process has it open, once. Statements run to their end, on this thread; errors
 * are thrown as they are.
 */
export class SqliteFile {
  readonly turns = new Turns();
  readonly #options: SqliteFileOptions;
  #handle: Handle | undefined;
  readonly #statements = new Map<string, Statement>();
  #log: WriteAheadLog | undefined;
  /** Whether the log may hold what the disk does not. */
  #isInDoubt = false;

  constructor(options: SqliteFileOptions) {
    this.#options = options;
  }

  /** Takes the right to write. */
  begin(): void {
    if (this.#isInDoubt) this.#takeOver();
    this.exec('begin immediate');
  }

  /**
   * Resolves when all that was committed survives a machine that fails, and not only this process.
   *
   * @throws StoreUnavailableError where it may not: nobody writes then until the disk has it after all.
   */
  async synced(): Promise<void> {
    const { file } = this.#options;
    if (file === ':memory:') return;
    try {
      await (this.#log ??= new WriteAheadLog(`${file}-wal`)).synced();
    } catch (error) {
      this.#isInDoubt = true;
      throw error;
    }
    // Behind what is missing, nobody would find it.
    if (this.#isInDoubt) throw new StoreUnavailableError('The disk lacks what was written before.');
  }

  /** A statement without parameters, whose rows nobody wants. */
  exec(text: string): void {
    this.#open().exec(text);
  }

  pragma(name: string): unknown {
    const [row] = this.#open().pragma(name) as readonly Readonly<Record<string, unknown>>[];
    return row?.[name];
  }

  run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const statement = this.#prepared(sql);
    const values = parameters.map(storable);
    try {
      if (statement.reader) return resultOf(statement.all(values) as Row[]);
      return { rows: [], numAffectedRows: BigInt(statement.run(values).changes) };
    } catch (error) {
      // The driver leaves the statement as it is. It would hold on to what the file was at that
      // moment, and whatever is read later would be read from there.
      if (isBusy(error)) this.close();
      throw error;
    }
  }

  /** Undoes what was begun; nothing where the database has done so by itself. */
  rollback(): void {
    if (this.#handle?.inTransaction !== true) return;
    try {
      this.#handle.exec('rollback');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Until it is used again: then it is opened anew. */
  close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#statements.clear();
    handle?.close();
    void this.#leaveLog();
  }

  /** For good: what stands beside the file is written into it. */
  async end(): Promise<void> {
    try {
      // As long as its statements are not forgotten, the driver only seems to close it.
      this.#handle?.exec('pragma wal_checkpoint(truncate)');
    } catch {
      // Nothing is lost: it is done when somebody opens the file.
    }
    await this.#leaveLog();
    this.close();
  }

  #takeOver(): void {
    const [taken] = this.#open().pragma('wal_checkpoint(full)') as [{ readonly busy: number }];
    if (taken.busy !== 0) throw new StoreUnavailableError('The log cannot be taken over now.');
    this.#isInDoubt = false;
  }

  async #leaveLog(): Promise<void> {
    const log = this.#log;
    this.#log = undefined;
    await log?.close();
  }

  #open(): Handle {
    if (this.#handle !== undefined) return this.#handle;
    const { file, maxBytes } = this.#options;
    const handle = opened(file);
    this.#handle = handle;
    // Whoever must wait for the disk does so by `synced`.
    handle.exec('pragma synchronous = normal');
    handle.pragma(`mmap_size = ${String(mappedBytes)}`);
    if (maxBytes !== undefined) {
      // None would be taken for no limit.
      const pages = Math.max(1, Math.floor(maxBytes / Number(this.pragma('page_size'))));
      handle.pragma(`max_page_count = ${String(pages)}`);
    }
    return handle;
  }

  #prepared(text: string): Statement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#open().prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

function opened(file: string): Handle {
  try {
    // The driver's own waiting would hold up every request of this process.
    return new Libsql(file, { timeout: 0 });
  } catch (error) {
    throw new StoreUnavailableError('The database file cannot be opened now.', { cause: error });
  }
}

function resultOf<Row>(rows: Row[]): QueryResult<Row> {
  return { rows, numAffectedRows: BigInt(rows.length) };
}

/** The driver ends the process where it meets a value of another type, and a text at its U+0000. */
function storable(value: unknown): string | number | null {
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw new TypeError(`A parameter that cannot be stored: ${typeof value}.`);
}
