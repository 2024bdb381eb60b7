import type { AuthorizationServerStores } from '@keybound/authorization-server';
import type { Metrics } from './metrics.js';

type Operation = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * The same store, measured: how long each of its operations takes, and how often it fails.
 *
 * @param name Of its port.
 */
export function measuredStore<Store extends object>(
  name: string,
  store: Store,
  metrics: Metrics,
): Store {
  const known = new WeakMap<object, Operation>();
  return new Proxy(store, {
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      const operation = known.get(value) ?? measured(value as Operation, target, String(member));
      known.set(value, operation);
      return operation;
    },
  });

  function measured(original: Operation, target: Store, operation: string): Operation {
    return async (...args) => {
      const hasAnswered = metrics.startOperation(name, operation);
      try {
        const outcome = await Reflect.apply(original, target, args);
        hasAnswered(true);
        return outcome;
      } catch (error) {
        hasAnswered(false);
        throw error;
      }
    };
  }
}

/** The same stores, each measured under its own name. */
export function measuredStores(
  { grants, clients, sessions, counters }: AuthorizationServerStores,
  metrics: Metrics,
): AuthorizationServerStores {
  return {
    grants: measuredStore('grants', grants, metrics),
    clients: measuredStore('clients', clients, metrics),
    sessions: measuredStore('sessions', sessions, metrics),
    counters: measuredStore('counters', counters, metrics),
  };
}
