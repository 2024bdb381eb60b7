import { isJsonObject, type JsonValue } from '@keybound/core';

/** The value of `q` and `h`: names in hashing order, and the hash over what they name. */
export interface HashedList {
  readonly names: readonly string[];
  readonly hash: string;
}

const maxNames = 100;

/** Undefined for every other shape, and for a list longer than any request needs. SHR §3.1, §3.2. */
export function parseHashedList(value: JsonValue | undefined): HashedList | undefined {
  if (!Array.isArray(value) || isJsonObject(value) || value.length !== 2) return undefined;
  const [names, hash] = value as readonly JsonValue[];
  if (!Array.isArray(names) || names.length > maxNames || typeof hash !== 'string')
    return undefined;
  const strings = (names as readonly JsonValue[]).filter((name) => typeof name === 'string');
  return strings.length === names.length ? { names: strings, hash } : undefined;
}
