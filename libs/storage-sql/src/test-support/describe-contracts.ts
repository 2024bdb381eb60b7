import type * as Kit from '@keybound/testing';
import type { SqlStorage } from '../sql-storage.js';

/**
 * The contracts of every port, of a database that one or several instances have open.
 *
 * @param kit Handed over, since only specs may import it.
 * @param instances Open by the time a case is run.
 */
export function describeContracts(
  kit: typeof Kit,
  instances: () => readonly [SqlStorage, ...SqlStorage[]],
  run: Kit.ContractRun,
): void {
  const together = <Store extends object>(storeOf: (storage: SqlStorage) => Store) => {
    const [first, ...others] = instances();
    return kit.takingTurns([storeOf(first), ...others.map(storeOf)]);
  };
  kit.describeGrantStore('SqlGrantStore', () => together(({ stores }) => stores.grants), run);
  kit.describeClientStore('SqlClientStore', () => together(({ stores }) => stores.clients), run);
  kit.describeSessionStore('SqlSessionStore', () => together(({ stores }) => stores.sessions), run);
  kit.describeCounterStore('SqlCounterStore', () => together(({ stores }) => stores.counters), run);
  kit.describeReplayStore('SqlReplayStore', () => together(({ replay }) => replay), run);
  kit.describeKeyStore('SqlKeyStore', () => together(({ keys }) => keys), run);
}
