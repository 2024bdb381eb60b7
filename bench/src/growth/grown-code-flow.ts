import { codeFlow } from '../authorization/code-flow.js';
import type { AuthorizationContender } from '../authorization/contenders.js';
import type { Group } from '../group.js';

/** The last one takes many minutes to make. */
const sizes = [100, 10_000, 100_000, 1_000_000] as const;

export type GrownStoreName = `${(typeof sizes)[number]} grants`;

/** What somebody who logs in sees of a store that grew. */
function grownCodeFlow(
  store: string,
  stores: 'sqlite' | 'postgres-redis',
): Group<AuthorizationContender> {
  return {
    ...codeFlow,
    title: `An authorization code flow, as ${store} grows`,
    method: [
      'As above, on Nest with Fastify; the store holds so many grants of others before, and what the rounds add',
    ],
    contenders: sizes.map((grants) => ({
      name: `${grants} grants` satisfies GrownStoreName,
      server: 'authorization-nest-fastify',
      what: `${grants.toLocaleString('en')} grants in ${store}`,
      sessionCookie: '__Host-keybound-session=session_',
      userInfoTokens: 'reference',
      stores,
      grants,
    })),
    yardsticks: ['100 grants' satisfies GrownStoreName],
    effort: {
      full: { rounds: 9, count: 150, connections: 32 },
      quick: { rounds: 3, count: 100, connections: 32 },
    },
  };
}

/** One after the other: the larger ones need much of the machine's memory. */
export const grownSqlite = grownCodeFlow('SQLite', 'sqlite');
export const grownPostgres = grownCodeFlow('PostgreSQL + Redis', 'postgres-redis');
