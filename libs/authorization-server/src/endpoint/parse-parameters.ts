import { accept, type Rejection, type Result } from '@keybound/core';
import type { Parameters } from '../extension/parameters.js';
import { DecodedParameters, noParameters } from './decoded-parameters.js';
import { reject } from './rejections.js';

export const maxParametersLength = 65_536;
const maxParameters = 100;

/**
 * Parses a query or a form as it came, `application/x-www-form-urlencoded`. OAuth 2.1 §3.1, §3.2;
 * AS-60, AS-274, AS-275, THR-35.
 *
 * `&` alone separates, and brackets mean nothing: `a[b]` is a name like any other. Whatever two
 * decoders could read differently is refused: a `%` without its two digits, octets that are not
 * UTF-8, and U+0000, which databases do not take.
 *
 * @param text The query without its `?`, or the content.
 */
export function parseParameters(text: string): Result<Parameters, Rejection> {
  if (text === '') return accept(noParameters);
  if (text.length > maxParametersLength) {
    return reject('request.parameters_too_long', 'AS-274', { actual: String(text.length) });
  }
  const pairs: (readonly [string, string])[] = [];
  for (let start = 0; start <= text.length;) {
    const next = text.indexOf('&', start);
    const end = next === -1 ? text.length : next;
    if (end > start) {
      if (pairs.length === maxParameters) {
        return reject('request.parameters_too_many', 'AS-274', { expected: `${maxParameters}` });
      }
      const pair = parsePair(text.slice(start, end));
      if (pair === undefined) return reject('request.parameters_malformed', 'THR-35');
      pairs.push(pair);
    }
    start = end + 1;
  }
  return accept(new DecodedParameters(pairs));
}

function parsePair(text: string): readonly [name: string, value: string] | undefined {
  const equals = text.indexOf('=');
  const name = decode(equals === -1 ? text : text.slice(0, equals));
  const value = decode(equals === -1 ? '' : text.slice(equals + 1));
  return name === undefined || value === undefined ? undefined : [name, value];
}

const harmless = /^[!"$&-*,-~]*$/;

function decode(encoded: string): string | undefined {
  if (harmless.test(encoded)) return encoded;
  try {
    const decoded = decodeURIComponent(encoded.replaceAll('+', ' '));
    return decoded.includes('\0') ? undefined : decoded;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
