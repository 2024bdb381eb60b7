import { hashOf } from '../server/secrets.js';
import { browserCookie, readCookie } from '../session/cookies.js';
import type { InteractionRecord } from '../storage/grant-records.js';

/** Whether a browser is the one that began an interaction. AS-22. @param fields Its `Cookie`. */
export async function isItsBrowser(
  { hash, browserHash }: InteractionRecord,
  fields: readonly string[],
): Promise<boolean> {
  const secret = readCookie(browserCookie(hash), fields);
  return secret !== undefined && (await hashOf(secret)) === browserHash;
}
