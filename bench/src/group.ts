import type { Slice } from './load-generator.js';
import type { StoreKind } from './stores/store-kind.js';

/** One row of a table. */
export interface Contender {
  /** Within its group. */
  readonly name: string;
  /** Of a file in `servers`. */
  readonly server: string;
  readonly what: string;
  /** Of a server of ours; in memory where absent. */
  readonly stores?: StoreKind;
  /** How many its store holds from the start, with all that comes with them; none where absent. */
  readonly grants?: number;
}

export interface Effort {
  readonly rounds: number;
  /** Of what is counted: in each round, to each server. */
  readonly count: number;
  readonly connections: number;
}

/** Contenders that are asked the same, side by side. */
export interface Group<C extends Contender = Contender> {
  readonly title: string;
  /** What is counted, as in "requests/s"; plural. */
  readonly counted: string;
  /** What holds of all of them, a sentence a line. */
  readonly method: readonly string[];
  readonly contenders: readonly C[];
  /** The names of those with which each is compared. */
  readonly yardsticks: readonly string[];
  readonly effort: { readonly full: Effort; readonly quick: Effort };
  /** Makes keys, and whatever else its servers are told. */
  prepare(): Promise<Preparation<C>>;
}

export interface Preparation<C extends Contender> {
  /** What a server is told when it starts: plain data, since it crosses into a child process. */
  scenarioFor(contender: C): object;
  /**
   * Makes sure that a server does the work that is measured.
   *
   * @throws Error when it refuses what is good, or accepts what it should refuse.
   */
  check(contender: C, port: number): Promise<void>;
  /**
   * Makes fresh requests, before the clock runs.
   *
   * @returns What sends them, and measures.
   */
  load(contender: C, port: number, effort: Effort): Promise<() => Promise<Slice>>;
}
