import type { JsonObject, JsonValue } from '@keybound/core';

/**
 * Puts members of metadata together: lists of the same name become one, without duplicates, and
 * whoever says anything else first is believed; that nobody says otherwise, `checkMetadata` saw to.
 * Empty lists are left out. RFC 8414 §3.2, OIDC-11.
 */
export function mergeMembers(parts: readonly JsonObject[]): JsonObject {
  const merged = new Map<string, JsonValue>();
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      if (value === undefined) continue;
      const before = merged.get(name);
      merged.set(name, before === undefined ? value : joined(before, value));
    }
  }
  const told = [...merged].map(([name, value]) => [name, withoutDuplicates(value)] as const);
  return Object.fromEntries(told.filter(([, value]) => !isEmpty(value)));
}

function joined(before: JsonValue, value: JsonValue): JsonValue {
  return isList(before) && isList(value) ? [...before, ...value] : before;
}

function withoutDuplicates(value: JsonValue): JsonValue {
  return isList(value) ? [...new Set(value)] : value;
}

function isEmpty(value: JsonValue): boolean {
  return isList(value) && value.length === 0;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
