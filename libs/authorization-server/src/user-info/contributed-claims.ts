import type { JsonObject, JsonValue } from '@keybound/core';
import type { Contributor, UserInfoContext } from '../extension/contributor.js';

/**
 * What contributors add about a user. AS-182.
 *
 * @throws TypeError for a claim that its contributor did not declare: a fault, and nothing is told.
 */
export async function contributedClaims(
  contributors: readonly Contributor[],
  about: UserInfoContext,
): Promise<JsonObject> {
  const claims = new Map<string, JsonValue>();
  for (const { name: contributor, userInfoClaims } of contributors) {
    if (userInfoClaims === undefined) continue;
    for (const [name, value] of Object.entries(await userInfoClaims.contribute(about))) {
      if (!userInfoClaims.members.includes(name)) {
        throw new TypeError(`${contributor} adds ${name}, which it did not declare.`);
      }
      if (value !== undefined && value !== null) claims.set(name, value);
    }
  }
  return Object.fromEntries(claims);
}
