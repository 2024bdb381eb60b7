import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory where the machine has such a place: there, waiting for the disk takes no time. */
const inMemory = '/dev/shm';

/** A folder of a test's own, to be removed by it. */
export async function ownFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const parent = await access(inMemory).then(
    () => inMemory,
    () => tmpdir(),
  );
  const path = await mkdtemp(join(parent, 'keybound-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
