import type { AuthorizationServerStores } from '@keybound/authorization-server';
import { inMemoryStores } from '@keybound/authorization-server';
import { InMemoryReplayStore, StoreUnavailableError, type ReplayStore } from '@keybound/core';

/** Whether what the caller asked for was done before the connection was lost. */
export type Loss = 'before' | 'after';

/**
 * The stores of one server behind one connection, which is lost at a call of the test's choice: before
 * the store heard of it, or before the answer came back. THR-92.
 */
export class FailingStores {
  readonly stores: AuthorizationServerStores;
  readonly replay: ReplayStore;
  /** Every call since the last `watch`, in order, as `grants.redeemCode`. */
  readonly calls: string[] = [];
  #loss: { readonly at: number; readonly when: Loss } | undefined;

  constructor() {
    const { grants, clients, sessions, counters } = inMemoryStores();
    this.stores = {
      grants: this.#watched('grants', grants),
      clients: this.#watched('clients', clients),
      sessions: this.#watched('sessions', sessions),
      counters: this.#watched('counters', counters),
    };
    this.replay = this.#watched('replay', new InMemoryReplayStore());
  }

  /** Counts anew. @param loss The call that fails, from 0; none where absent. */
  watch(loss?: { readonly at: number; readonly when: Loss }): void {
    this.calls.length = 0;
    this.#loss = loss;
  }

  #watched<Store extends object>(name: string, store: Store): Store {
    return new Proxy(store, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const call = this.calls.push(`${name}.${String(member)}`) - 1;
          const lost = this.#loss?.at === call ? this.#loss.when : undefined;
          const outcome: unknown =
            lost === 'before' ? undefined : await Reflect.apply(value, target, args);
          if (lost !== undefined) throw new StoreUnavailableError('read ECONNRESET db:5432');
          return outcome;
        };
      },
    });
  }
}
