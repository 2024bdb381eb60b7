import { inMemoryStores, type AuthorizationServerStores } from '@keybound/authorization-server';
import { InMemoryReplayStore, type ReplayStore } from '@keybound/core';

/**
 * The stores that two instances share. What one of them does can be interrupted in front of a call of
 * the test's choice, by all that the other does meanwhile: so each order in which two requests can
 * meet is tried, one after the other. THR-93.
 */
export class InterruptedStores {
  /** Of the instance that goes on as if nothing had happened. */
  readonly other: AuthorizationServerStores = inMemoryStores();
  /** Of the instance that is interrupted. */
  readonly own: AuthorizationServerStores;
  readonly otherReplay: ReplayStore = new InMemoryReplayStore();
  readonly ownReplay: ReplayStore;
  /** Calls of the interrupted instance since the last `watch`, in order, as `grants.redeemCode`. */
  readonly calls: string[] = [];
  #at: number | undefined;
  #meanwhile: () => Promise<unknown> = () => Promise.resolve();

  constructor() {
    const { grants, clients, sessions, counters } = this.other;
    this.own = {
      grants: this.#watched('grants', grants),
      clients: this.#watched('clients', clients),
      sessions: this.#watched('sessions', sessions),
      counters: this.#watched('counters', counters),
    };
    this.ownReplay = this.#watched('replay', this.otherReplay);
  }

  /** Counts anew. @param at The call in front of which `meanwhile` happens, from 0. */
  watch(at?: number, meanwhile: () => Promise<unknown> = () => Promise.resolve()): void {
    this.calls.length = 0;
    this.#at = at;
    this.#meanwhile = meanwhile;
  }

  #watched<Store extends object>(name: string, store: Store): Store {
    return new Proxy(store, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const call = this.calls.push(`${name}.${String(member)}`) - 1;
          if (call === this.#at) await this.#meanwhile();
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  }
}
