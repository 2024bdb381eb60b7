import type { TestRunner } from './test-runner.js';

/** How a contract test is run. */
export interface ContractRun {
  /** The test framework; its globals unless given. */
  readonly runner?: TestRunner;
  /**
   * How often each race is run; 1,000 times unless given. A store whose answers really come from far
   * away needs fewer: every one of its races is one.
   */
  readonly rounds?: number;
}
