import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './unprivileged-account.js';

/** A directory for as long as a test lasts. @param owner Who may use it; the test itself where absent. */
export async function ownDirectory(owner?: Account): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'keybound-fault-'));
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid);
  return directory;
}

export function removeDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 5 });
}
