import { programNamed } from './server-programs.js';
import type { Account } from './unprivileged-account.js';

const setpriv = programNamed('setpriv');

/**
 * What to run so that a program ends with the test that started it, even one that was killed, and runs
 * as another account where that is asked.
 */
export function launchCommand(
  program: string,
  args: readonly string[],
  account: Account | undefined,
): readonly [string, readonly string[]] {
  if (setpriv === undefined) return [program, args];
  const identity =
    account === undefined
      ? []
      : [`--reuid=${String(account.uid)}`, `--regid=${String(account.gid)}`, '--clear-groups'];
  return [setpriv, ['--pdeathsig=KILL', ...identity, program, ...args]];
}
