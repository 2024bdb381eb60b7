import { sha256 } from '#platform';
import type { Seconds } from '../time/clock.js';
import type { Spend } from './replay-store.js';

/**
 * Names a thing that may be used once, by its namespace and claims: never by its compact form, of
 * which there can be several. Each field is preceded by its length, so that no two lists of fields
 * run together into the same octets.
 *
 * @param until The first moment, in seconds, at which the thing could no longer be accepted.
 */
export async function spendOf(
  kind: string,
  fields: readonly string[],
  until: Seconds,
): Promise<Spend> {
  let name = `${String(kind.length)}:${kind}`;
  for (const field of fields) name += `${String(field.length)}:${field}`;
  return { digest: await sha256(name), until, kind };
}
