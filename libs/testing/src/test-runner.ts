import { ConfigurationError } from '@keybound/core';

/** As much of a test framework as a contract test needs: Jest, Vitest, Mocha and `node:test` have it. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  /** @param timeoutMs How long the case may take; `node:test` takes no notice of it. */
  it(title: string, run: () => Promise<void>, timeoutMs?: number): unknown;
}

/**
 * The `describe` and `it` that the framework put into the global scope.
 *
 * @throws ConfigurationError where there are none: pass them, e.g. `{ describe, it }` of `node:test`.
 */
export function testRunner(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>;
  if (describe === undefined || it === undefined) {
    throw new ConfigurationError(
      'No global `describe` and `it`: pass { describe, it } as the runner.',
    );
  }
  return { describe, it };
}
