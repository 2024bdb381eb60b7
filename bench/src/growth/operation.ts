import type { SqlStorage } from '@keybound/storage-sql';
import type { Population } from './population.js';

/** What is asked of a store, and measured. */
export interface Operation {
  readonly name: string;
  /** How often in a round: few enough, of those that write, that the smallest store stays small. */
  readonly count: number;
  prepare(store: GrownStore, count: number): Promise<Steps>;
}

export interface GrownStore {
  readonly storage: SqlStorage;
  readonly population: Population;
}

export interface Steps {
  /** Each done once, one after the other. @throws Error for a wrong answer. */
  readonly steps: readonly (() => Promise<void>)[];
  /** Makes the store what it was, but for what is in its caches. */
  readonly undo?: () => Promise<void>;
}
