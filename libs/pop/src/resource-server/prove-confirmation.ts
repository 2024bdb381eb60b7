import { accept, refuse, type Rejection, type Result, type Seconds } from '@keybound/core';
import type { CnfMember } from '../confirmation/cnf-claim.js';
import type { Confirmation, Confirmed, Evidence } from '../confirmation/confirmation.js';
import { reject } from '../confirmation/rejections.js';

/**
 * Proves every known member of a `cnf`, each by any one confirmation that can. CNF-03, DPOP-18.
 *
 * @returns What was proven, that of the presented scheme first.
 */
export async function proveConfirmation(
  evidence: Evidence,
  confirmations: readonly Confirmation[],
  now: Seconds,
): Promise<Result<readonly [Confirmed, ...Confirmed[]], Rejection>> {
  const { members } = evidence.cnf;
  const open = new Set<CnfMember>(members);
  const proven: Confirmed[] = [];
  for (const confirmation of confirmations) {
    if (!confirmation.cnfMembers.some((member) => open.has(member))) continue;
    const outcome = await confirmation.check(evidence, now);
    if (outcome === undefined) continue;
    if (!outcome.ok) return refuse(outcome.failure);
    proven.push(outcome.value);
    for (const member of outcome.value.proves) open.delete(member);
  }
  const [first, ...others] = proven;
  const [unproven] = open;
  if (unproven !== undefined || first === undefined) {
    return reject('cnf.unproven', requirementFor(unproven), {
      expected: members.join(' '),
      actual: `presented as ${evidence.presented.scheme}`,
    });
  }
  return accept([first, ...others]);
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
