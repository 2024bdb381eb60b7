import {
  accept,
  sha256Base64url,
  type HttpRequestView,
  type JsonValue,
  type Rejection,
  type Result,
} from '@keybound/core';
import { parseHashedList } from './hashed-list.js';
import { headerLine, latin1 } from './header-line.js';
import { reject } from './rejections.js';

/**
 * Verifies `h`: each listed field is there once, its name in lower case, and the hash is over
 * `name: value` lines joined by LF. SHR §3.2, §5.2.
 *
 * @returns The covered names.
 */
export async function checkCoveredHeaders(
  member: JsonValue | undefined,
  request: HttpRequestView,
): Promise<Result<readonly string[], Rejection>> {
  if (member === undefined) return accept([]);
  const list = parseHashedList(member);
  if (list === undefined) return reject('shr.h', 'SHR-13', { actual: 'not [[names], hash]' });
  const lines: string[] = [];
  for (const name of list.names) {
    if (name !== name.toLowerCase()) return reject('shr.h', 'SHR-10', { actual: name });
    if (name === 'authorization') return reject('shr.h', 'SHR-11');
    const [value, ...others] = request.headerValues(name);
    if (value === undefined) return reject('shr.h', 'SHR-09', { actual: name });
    if (others.length > 0) return reject('shr.h', 'SHR-08', { actual: name });
    lines.push(headerLine(name, value));
  }
  if (new Set(list.names).size !== list.names.length) return reject('shr.h', 'SHR-08');
  const hash = await sha256Base64url(latin1(lines.join('\n')));
  if (hash !== list.hash) return reject('shr.h', 'SHR-10', { expected: hash, actual: list.hash });
  return accept(list.names);
}
