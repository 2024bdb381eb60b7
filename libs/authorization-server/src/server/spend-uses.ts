import {
  accept,
  refuseUnclaimed,
  type Rejection,
  type ReplayStore,
  type Result,
  type Seconds,
  type Spend,
} from '@keybound/core';
import type { SingleUse } from '../extension/single-use.js';

/**
 * Claims all of the uses or none. What serves several purposes in one request is claimed once: two
 * verifiers that vouch for the same proof name the same spend.
 *
 * @throws StoreUnavailableError
 */
export async function spendUses(
  replay: ReplayStore,
  uses: readonly SingleUse[],
  now: Seconds,
): Promise<Result<undefined, Rejection>> {
  const distinct = new Map(uses.map((use) => [nameOf(use.spend), use]));
  if (distinct.size === 0) return accept(undefined);
  const spends = [...distinct.values()].map(({ spend }) => spend);
  const outcome = await replay.claim(spends, now);
  if (outcome.claimed) return accept(undefined);
  const spent = distinct.get(nameOf(outcome.spent));
  if (spent === undefined) throw new Error('The replay store refused what it was not asked for.');
  return refuseUnclaimed(outcome, spent.replayed);
}

/** A digest is over namespace and claims, so that it alone tells spends apart. */
function nameOf({ digest }: Spend): string {
  return Buffer.from(digest).toString('base64');
}
