import { expectAnswer } from './expect-answer.js';
import { grantsOfEach } from './family-names.js';
import type { Family } from './family.js';
import { now } from './frozen.js';
import type { GrownStore, Operation } from './operation.js';
import { pick } from './pick.js';

/** Asked of one family after the other, anywhere in the store. */
export const reads: readonly Operation[] = [
  read('findGrant', async ({ storage }, { grant }) => {
    const found = await storage.stores.grants.findGrant(grant.id, now);
    return found?.id === grant.id;
  }),
  read('find client', async ({ storage }, { client }) => {
    const found = await storage.stores.clients.find(client.id, now);
    return found?.id === client.id;
  }),
  read('isAccessTokenActive', ({ storage }, { accessToken: { jti, grantId } }) =>
    storage.stores.grants.isAccessTokenActive({ jti, grantId }, now),
  ),
  read(`listGrants, of ${grantsOfEach}`, async ({ storage }, { grant }) => {
    const listed = await storage.stores.grants.listGrants(grant.localSubject, now);
    return listed.length === grantsOfEach;
  }),
];

function read(
  name: string,
  ask: (store: GrownStore, family: Family) => Promise<boolean>,
): Operation {
  return {
    name,
    count: 500,
    async prepare(store, count) {
      const families = pick(store.population, count);
      return {
        steps: families.map((family) => async () => {
          expectAnswer(await ask(store, family));
        }),
      };
    },
  };
}
