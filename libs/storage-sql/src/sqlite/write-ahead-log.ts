import { StoreUnavailableError } from '@keybound/core';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * The log that commits go to, until the database itself takes them over and waits for the disk as it does
 * so: what is in either of them survives a machine that fails, once the log is synced. That is done off
 * this thread, and once for all who wait.
 */
export class WriteAheadLog {
  readonly #path: string;
  #handle: FileHandle | undefined;
  /** Under way: what is written now may be too late for it. */
  #current: Promise<void> | undefined;
  /** Begins when that one has ended. */
  #next: Promise<void> | undefined;

  /** @param path It is there once something was committed, and for as long as the database is open. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Resolves when all that was committed before is on the disk. To be called right after a commit: the
   * system tells once that it could not write something, to whoever waits then, and forgets it.
   *
   * @throws StoreUnavailableError where nobody knows whether it is: to all who committed by then.
   */
  synced(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#current === undefined) return this.#begin();
    this.#next = this.#current.then(
      () => this.#begin(),
      (error: unknown) => {
        this.#next = undefined;
        throw error;
      },
    );
    return this.#next;
  }

  /** Once nobody waits any more: whoever had to know how that ended was told. Not to be used again. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#current, this.#next]);
    await Promise.allSettled([this.#handle?.close()]);
  }

  #begin(): Promise<void> {
    this.#next = undefined;
    const sync = this.#sync().finally(() => {
      if (this.#current === sync) this.#current = undefined;
    });
    this.#current = sync;
    return sync;
  }

  async #sync(): Promise<void> {
    try {
      this.#handle ??= await open(this.#path, 'r+');
      await this.#handle.datasync();
    } catch (cause) {
      throw new StoreUnavailableError('The disk has not taken what was written.', { cause });
    }
  }
}
