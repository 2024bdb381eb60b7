import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const postgresVersions = '/usr/lib/postgresql';

/** Where a program is that a test starts. Undefined where it is not installed. */
export function programNamed(name: string): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const folders = [...onPath, '/usr/local/bin', '/usr/bin', ...postgresFolders()];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Debian keeps PostgreSQL's servers off the path. The newest first. */
function postgresFolders(): readonly string[] {
  if (!existsSync(postgresVersions)) return [];
  const versions = readdirSync(postgresVersions).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(postgresVersions, version, 'bin'));
}
