import type { AuditLog, ReplayStore } from '@keybound/core';
import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';

/**
 * Tells an operator whose instances each remember used proofs for themselves. OPS-05.
 *
 * Only siblings that Node knows of can be seen from here: other processes and machines cannot.
 */
export function warnOfSiblings(
  store: ReplayStore,
  audit: AuditLog,
  hasSiblings = cluster.isWorker || !isMainThread,
): void {
  if (store.sharing === 'shared' || !hasSiblings) return;
  audit.record({
    kind: 'warning',
    code: 'replay.not_shared',
    requirement: 'OPS-05',
    rule: 'a replay store of one process lets a proof be used once in each of them',
  });
}
