import { describe } from '@jest/globals';
import { programNamed } from './server-programs.js';

const programs = {
  PostgreSQL: ['initdb', 'postgres', 'pg_basebackup'],
  Redis: ['redis-server'],
};

/**
 * In place of `describe`: what starts and kills servers of its own. Skipped, and said so, where one is
 * not installed.
 *
 * @throws Error instead, where `REQUIRE_SERVICES=1`.
 */
export function describeFaults(
  title: string,
  servers: readonly (keyof typeof programs)[],
  define: () => void,
): void {
  const needed = servers.flatMap((server) => programs[server]);
  if (process.getuid?.() === 0 && servers.includes('PostgreSQL')) needed.push('setpriv');
  const missing = needed.filter((program) => programNamed(program) === undefined);
  if (missing.length === 0) {
    describe(title, define);
    return;
  }
  const reason = `${missing.join(', ')} not installed`;
  if (process.env['REQUIRE_SERVICES'] === '1')
    throw new Error(`REQUIRE_SERVICES=1, and ${reason}.`);
  describe.skip(`${title} (skipped: ${reason})`, define);
}
