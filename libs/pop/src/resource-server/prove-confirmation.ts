import {
  accept,
  refuse,
  type Rejection,
  type Result,
  type Seconds,
  type Spend,
} from '@keybound/core';
import type { CnfMember } from '../confirmation/cnf-claim.js';
import type { Confirmation, Confirmed, Evidence } from '../confirmation/confirmation.js';
import { reject } from '../confirmation/rejections.js';

/** That the sender holds the token's key, and what saying so uses up. */
export interface Proven {
  /** The confirmation of the presented scheme; undefined for a token that is bound to nothing. */
  readonly by: Confirmed | undefined;
  readonly spends: readonly Spend[];
  readonly nextNonce: string | undefined;
}

export const nothingToProve: Proven = { by: undefined, spends: [], nextNonce: undefined };

/**
 * Proves every known member of a `cnf`, each by any one confirmation that can. CNF-03, DPOP-18.
 */
export async function proveConfirmation(
  evidence: Evidence,
  confirmations: readonly Confirmation[],
  now: Seconds,
): Promise<Result<Proven & { readonly by: Confirmed }, Rejection>> {
  const { members } = evidence.cnf;
  let open: readonly CnfMember[] = members;
  let by: Confirmed | undefined;
  let { spends, nextNonce } = nothingToProve;
  for (const confirmation of confirmations) {
    if (!confirmation.cnfMembers.some((member) => open.includes(member))) continue;
    const outcome = await confirmation.check(evidence, now);
    if (outcome === undefined) continue;
    if (!outcome.ok) return refuse(outcome.failure);
    const confirmed = outcome.value;
    by ??= confirmed;
    spends = spends.length === 0 ? confirmed.spends : [...spends, ...confirmed.spends];
    nextNonce ??= confirmed.nextNonce;
    open = open.filter((member) => !confirmed.proves.includes(member));
  }
  const [unproven] = open;
  if (unproven === undefined && by !== undefined) return accept({ by, spends, nextNonce });
  return reject('cnf.unproven', requirementFor(unproven), {
    expected: members.join(' '),
    actual: `presented as ${evidence.presented.scheme}`,
  });
}

function requirementFor(member: CnfMember | undefined) {
  switch (member) {
    case 'jkt':
      return 'CNF-13';
    case 'x5t#S256':
      return 'CNF-12';
    case 'kid':
      return 'CNF-07';
    case 'jwk':
    case 'jku':
    case 'jwe':
      return 'SHR-29';
    case undefined:
      return 'CNF-03';
  }
}
