import { codeFlow } from '../authorization/code-flow.js';
import type { AuthorizationContender } from '../authorization/contenders.js';
import type { Group } from '../group.js';

const stores = [
  { store: 'SQLite', stores: 'sqlite' },
  { store: 'PostgreSQL + Redis', stores: 'postgres-redis' },
] as const;

/** The last one takes many minutes to make. */
const sizes = [100, 10_000, 100_000, 1_000_000] as const;

export type GrownStoreName =
  `${(typeof stores)[number]['store']}, ${(typeof sizes)[number]} grants`;

/** What somebody who logs in sees of a store that grew. */
export const grownCodeFlow: Group<AuthorizationContender> = {
  ...codeFlow,
  title: 'An authorization code flow, as stores grow',
  method: [
    'As above, on Nest with Fastify; the store holds so many grants of others before, and what the rounds add',
  ],
  contenders: stores.flatMap(({ store, ...kept }) =>
    sizes.map((grants) => ({
      ...kept,
      name: `${store}, ${grants} grants` satisfies GrownStoreName,
      server: 'authorization-nest-fastify',
      what: `${grants.toLocaleString('en')} grants in ${store}`,
      sessionCookie: '__Host-keybound-session=session_',
      userInfoTokens: 'reference',
      grants,
    })),
  ),
  yardsticks: stores.map(({ store }) => `${store}, 100 grants` satisfies GrownStoreName),
  effort: {
    full: { rounds: 9, count: 150, connections: 32 },
    quick: { rounds: 3, count: 100, connections: 32 },
  },
};
