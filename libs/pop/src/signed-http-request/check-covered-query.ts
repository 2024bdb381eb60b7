import {
  accept,
  sha256Base64url,
  type JsonValue,
  type Rejection,
  type Result,
} from '@keybound/core';
import { parseHashedList } from './hashed-list.js';
import { parseRawQuery, type RawParameter } from './raw-query.js';
import { reject } from './rejections.js';
import type { SignedRequestPolicy } from './signed-request-policy.js';

/** The parameter that carries the signed request itself, in its query transport. SHR §4.3. */
export const transportParameter = 'pop_access_token';

/**
 * Verifies `q`: each listed parameter is there once, and the hash is over the octets on the wire.
 * SHR §3.1, §5.1.
 *
 * A listed name is looked up as raw text first and then percent-decoded, because deployed signers
 * write either; repeats are found on decoded names, so that none hides behind an escape.
 *
 * @returns The covered parameters' decoded names.
 */
export async function checkCoveredQuery(
  member: JsonValue | undefined,
  query: string | undefined,
  { require: required, profile }: Pick<SignedRequestPolicy, 'require' | 'profile'>,
): Promise<Result<readonly RawParameter[], Rejection>> {
  if (member === undefined) return accept([]);
  const list = parseHashedList(member);
  if (list === undefined) return reject('shr.q', 'SHR-13', { actual: 'not [[names], hash]' });
  if (list.names.length === 0 && profile.emptyQueryList === 'ignored') {
    if (!required.has('q')) return accept([]);
    return reject('shr.q', 'SHR-14', { actual: 'covers nothing' });
  }
  const parameters = parseRawQuery(query);
  const covered: RawParameter[] = [];
  for (const name of list.names) {
    const found =
      parameters.find(({ rawName }) => rawName === name) ??
      parameters.find((parameter) => parameter.name === name);
    if (found === undefined) return reject('shr.q', 'SHR-09', { actual: name });
    if (found.name === transportParameter) return reject('shr.q', 'SHR-18', { actual: name });
    const repeated = parameters.filter((parameter) => parameter.name === found.name).length > 1;
    if (repeated || covered.includes(found)) return reject('shr.q', 'SHR-08', { actual: name });
    covered.push(found);
  }
  const buffer = covered.map(({ rawName, rawValue }) => `${rawName}=${rawValue}`).join('&');
  const hash = await sha256Base64url(buffer);
  if (hash !== list.hash) return reject('shr.q', 'SHR-06', { expected: hash, actual: list.hash });
  return accept(covered);
}

/**
 * Refuses a request in which any raw query token is not covered: repeated, bare, empty-valued and
 * nameless ones included. SHR-15.
 */
export function checkNothingUnsigned(
  query: string | undefined,
  covered: readonly RawParameter[],
  ownTransport: boolean,
): Result<undefined, Rejection> {
  const isCovered = new Set(covered.map(({ token }) => token));
  for (const { token, name } of parseRawQuery(query)) {
    if (ownTransport && name === transportParameter) continue;
    if (!isCovered.has(token)) return reject('shr.q', 'SHR-15', { actual: name });
  }
  return accept(undefined);
}
