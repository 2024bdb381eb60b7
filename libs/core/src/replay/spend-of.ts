import { sha256 } from '#platform';
import { seconds } from '../time/clock.js';
import type { Spend, SpendTimes } from './replay-store.js';

/**
 * Names a thing that may be used once, by its namespace and claims: never by its compact form, of
 * which there can be several. Each field is preceded by its length, so that no two lists of fields
 * run together into the same octets.
 *
 * @param times From when on the thing could have been accepted, and from when on it no longer could;
 *              what is no whole second is rounded outwards.
 */
export async function spendOf(
  kind: string,
  fields: readonly string[],
  { since, until }: SpendTimes,
): Promise<Spend> {
  let name = `${String(kind.length)}:${kind}`;
  for (const field of fields) name += `${String(field.length)}:${field}`;
  const digest = await sha256(name);
  return { digest, since: seconds(Math.floor(since)), until: seconds(Math.ceil(until)), kind };
}
