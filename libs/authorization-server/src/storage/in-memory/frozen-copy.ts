import { ownText } from './own-text.js';

/**
 * A copy that nobody can change, so that what is stored changes by the store's methods alone. For
 * records: plain objects, lists and primitive values.
 */
export function frozenCopy<Value>(value: Value): Value {
  return copyOf(value) as Value;
}

function copyOf(value: unknown): unknown {
  if (typeof value === 'string') return ownText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(copyOf));
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const kept = copyOf(member);
    // Assigned, `__proto__` would not become a member; in JSON it is a name like any other.
    if (name !== '__proto__') copy[name] = kept;
    else Object.defineProperty(copy, name, { value: kept, enumerable: true });
  }
  return Object.freeze(copy);
}
