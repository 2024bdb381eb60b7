import type { Rejection } from '../errors/rejection.js';
import { refuse, type Refused } from '../errors/result.js';
import type { UnclaimedOutcome } from './replay-store.js';
import { replayRequirements } from './requirements.js';

/**
 * Refuses what a store did not let claim. The peer is told the same either way; the operator is told
 * `replay.forgotten`, so that lost memory does not look like an attack. THR-68.
 *
 * @param replayed How a second use of the thing is refused.
 */
export function refuseUnclaimed(
  { spent, reason }: UnclaimedOutcome,
  replayed: Rejection,
): Refused<Rejection> {
  if (reason === 'used') return refuse(replayed);
  return refuse({
    ...replayed,
    code: 'replay.forgotten',
    requirement: 'THR-68',
    rule: replayRequirements['THR-68'],
    detail: { actual: `${spent.kind}, acceptable since ${String(spent.since)}` },
  });
}
