import { expectAnswer } from './expect-answer.js';
import type { Family } from './family.js';
import { now } from './frozen.js';
import type { GrownStore, Operation } from './operation.js';
import { pickEachOnce, strangers } from './pick.js';
import type { Population } from './population.js';
import { useOf } from './use-of.js';

const count = 50;

/** A token that took another's place long ago, anywhere in the store, is exchanged for the next. */
const useRefreshToken: Operation = {
  name: 'useRefreshToken, with rotation',
  count,
  async prepare(store, families) {
    const known = pickEachOnce(store.population, families);
    return {
      steps: known.map((family) => () => refresh(store, family)),
      undo: () => restore(store.population, known),
    };
  },
};

/** The same, and what the token endpoint asks before. */
const refreshRequest: Operation = {
  name: 'all of a refresh request',
  count,
  async prepare(store, families) {
    const { population } = store;
    const known = pickEachOnce(population, families);
    const fresh = strangers(population, families);
    return {
      steps: known.map((family, at) => () => handleRefresh(store, family, fresh[at] ?? family)),
      undo: async () => {
        await restore(population, known);
        await population.remove(fresh);
      },
    };
  },
};

export const refreshes: readonly Operation[] = [useRefreshToken, refreshRequest];

/** @param proof Whose spend is the proof's. */
async function handleRefresh(store: GrownStore, family: Family, proof: Family): Promise<void> {
  const { stores, replay } = store.storage;
  const { client, grant, refreshToken } = family;
  expectAnswer((await stores.clients.find(client.id, now)) !== undefined);
  expectAnswer((await stores.grants.findRefreshToken(refreshToken.hash, now)) !== undefined);
  expectAnswer((await stores.grants.findGrant(grant.id, now)) !== undefined);
  expectAnswer((await replay.claim([proof.spend], now)).claimed);
  await refresh(store, family);
}

async function refresh({ storage }: GrownStore, family: Family): Promise<void> {
  const { refreshToken, nextRefreshToken, nextAccessToken } = family;
  const use = useOf(refreshToken, nextRefreshToken, nextAccessToken);
  expectAnswer((await storage.stores.grants.useRefreshToken(use)) === 'refreshed');
}

async function restore(population: Population, families: readonly Family[]): Promise<void> {
  await population.remove(families);
  await population.insert(families);
}
