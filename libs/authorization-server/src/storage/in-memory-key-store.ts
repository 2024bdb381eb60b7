import { frozenCopy } from './in-memory/frozen-copy.js';
import type { KeyRingRecord, KeyStore } from './key-store.js';

/**
 * A {@link KeyStore} for one process: its keys are lost when it ends, and with them all that they signed.
 *
 * No method waits for anything, so each runs to its end before another begins.
 */
export class InMemoryKeyStore implements KeyStore {
  readonly sharing = 'process';
  readonly #rings = new Map<string, KeyRingRecord>();

  async find(name: string): Promise<KeyRingRecord | undefined> {
    return this.#rings.get(name);
  }

  async replace(record: KeyRingRecord): Promise<boolean> {
    const { version = 0 } = this.#rings.get(record.name) ?? {};
    if (record.version !== version + 1) return false;
    this.#rings.set(record.name, frozenCopy(record));
    return true;
  }
}
