import { ConfigurationError } from '@keybound/core';

/** @throws ConfigurationError that lists every problem; nothing where there is none. */
export function refuseToStart(problems: readonly string[], where = ''): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new ConfigurationError(`The authorization server cannot start${where}:\n${lines}`);
}
