import { z } from 'zod';

/**
 * An option that is a store: an object with these methods that says who else sees what it keeps. One
 * that does not say could not be refused in production for being known to one process only (THR-84).
 */
export function storeOption<Store>(...methods: readonly string[]): z.ZodType<Store, Store> {
  const isStore = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    const store = value as Record<string, unknown>;
    return (
      (store['sharing'] === 'process' || store['sharing'] === 'shared') &&
      methods.every((name) => typeof store[name] === 'function')
    );
  };
  const names = methods.join(' and ');
  return z.custom<Store>(
    isStore,
    `must be a store, an object with ${names}() and sharing: 'process' or 'shared'`,
  );
}
