import type { JsonObject } from '@keybound/core';
import type { Contribution, Contributor, IssuingContext } from '../extension/contributor.js';

/**
 * What contributors add at one place. AS-182.
 *
 * @throws TypeError for a member that its contributor did not declare: a fault, and nothing is issued.
 */
export async function contributed(
  contributors: readonly Contributor[],
  place: 'accessTokenClaims' | 'idTokenClaims' | 'tokenResponse',
  issuing: IssuingContext,
): Promise<JsonObject> {
  const members: Record<string, JsonObject[string]> = {};
  for (const contributor of contributors) {
    const contribution = contributor[place];
    if (contribution === undefined) continue;
    const added = await contribution.contribute(issuing);
    checkDeclared(contributor.name, contribution, added);
    Object.assign(members, added);
  }
  return members;
}

function checkDeclared(
  contributor: string,
  { members }: Contribution<IssuingContext>,
  added: JsonObject,
): void {
  const undeclared = Object.keys(added).find((name) => !members.includes(name));
  if (undeclared === undefined) return;
  throw new TypeError(`${contributor} adds ${undeclared}, which it did not declare.`);
}
