/**
 * All keys of one purpose, with their times: what several instances must agree on. What is in it is
 * sealed by whoever saves it; a store sees text.
 */
export interface KeyRingRecord {
  /** Its purpose, such as `signing`; at most 64 characters of printable ASCII. */
  readonly name: string;
  /** 1 at first; grows by one with every change. */
  readonly version: number;
  /** At most 64 KiB of ASCII. */
  readonly sealed: string;
}

/**
 * Contract test: `describeKeyStore` in `@keybound/testing`. Every method is one atomic step; each sees
 * all that was answered before it began, on whichever machine.
 *
 * @throws StoreUnavailableError from every method, when it cannot answer.
 */
export interface KeyStore {
  readonly sharing: 'process' | 'shared';
  /** Undefined where nothing was ever saved, or nothing can be under such a name. */
  find(name: string): Promise<KeyRingRecord | undefined>;
  /**
   * Saves the first version, or takes the place of the one before.
   *
   * @returns False where somebody else was first: its version is not one more than what is there, and
   *   nothing is changed.
   */
  replace(record: KeyRingRecord): Promise<boolean>;
}
