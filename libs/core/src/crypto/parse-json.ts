import { decodeUtf8 } from '#platform';

/** JSON from outside, parsed under bounds. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

export const headerDepth = 20;
export const bodyDepth = 50;

/**
 * Parses JSON octets strictly; undefined for whatever two parsers could read differently. RFC 8259,
 * RFC 8725 §3.7.
 *
 * Refused besides bad syntax: octets that are not UTF-8, a byte order mark, a member name that
 * occurs twice in one object (also when one is escaped), nesting beyond `maxDepth`, numbers that
 * overflow, and lone surrogates. The caller bounds the number of octets.
 */
export function parseJson(octets: Uint8Array, maxDepth: number): JsonValue | undefined {
  const text = decodeUtf8(octets);
  return text === undefined ? undefined : parseJsonText(text, maxDepth);
}

/** {@link parseJson} for a document that must be an object. */
export function parseJsonObject(octets: Uint8Array, maxDepth: number): JsonObject | undefined {
  const value = parseJson(octets, maxDepth);
  return isJsonObject(value) ? value : undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseJsonText(text: string, maxDepth: number): JsonValue | undefined {
  try {
    if (isFlat(text)) {
      const flat = JSON.parse(text) as JsonValue;
      if (JSON.stringify(flat) === text) return flat;
    }
    if (!hasUniqueMembers(text, maxDepth)) return undefined;
    const value = JSON.parse(text) as JsonValue;
    return mayHideOddValue.test(text) && hidesOddValue(value) ? undefined : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Whether text may take the short way: without nesting and escapes, writing the parsed value again
 * gives the very same text only if no member occurred twice and no number overflowed.
 */
function isFlat(text: string): boolean {
  return !text.includes('{', 1) && !text.includes('[') && !text.includes('\\');
}

/**
 * One pass over the text that follows only strings and brackets; the syntax itself is left to
 * `JSON.parse`. An object's frame is the set of its member names, an array's is undefined.
 */
function hasUniqueMembers(text: string, maxDepth: number): boolean {
  const frames: (Set<string> | undefined)[] = [];
  let names: Set<string> | undefined;
  let nameComesNext = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = endOfString(text, at);
        if (nameComesNext && names !== undefined) {
          const name = unescapeName(text.slice(at + 1, end));
          if (name === undefined || names.has(name)) return false;
          names.add(name);
          nameComesNext = false;
        }
        at = end;
        break;
      }
      case 0x7b:
      case 0x5b:
        if (frames.length === maxDepth) return false;
        nameComesNext = text.charCodeAt(at) === 0x7b;
        names = nameComesNext ? new Set() : undefined;
        frames.push(names);
        break;
      case 0x7d:
      case 0x5d:
        frames.pop();
        names = frames.at(-1);
        nameComesNext = false;
        break;
      case 0x2c:
        nameComesNext = names !== undefined;
        break;
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at += 1;
  }
  return text.length;
}

function unescapeName(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const mayHideOddValue = /\\u[dD][89a-fA-F]|[eE]\+?[0-9]{3}|[0-9]{200}/;

function hidesOddValue(value: JsonValue): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value === 'string') return !isWellFormed(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hidesOddValue);
  return Object.entries(value as JsonObject).some(
    ([name, member]) => !isWellFormed(name) || (member !== undefined && hidesOddValue(member)),
  );
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function isWellFormed(text: string): boolean {
  return !loneSurrogate.test(text);
}
