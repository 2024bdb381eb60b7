import { StoreUnavailableError } from '@keybound/core';

/** Calls that are under way, so that whoever closes a database can wait for their end. */
export class UnderWay {
  #count = 0;
  #isOver = false;
  #ended = (): void => undefined;

  /** The same store; each call of it is under way until it is settled. */
  track<Store extends object>(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) =>
          this.run(async () => Reflect.apply(member, target, args) as Promise<unknown>);
      },
    });
  }

  /** @throws StoreUnavailableError once {@link over} was called. */
  async run<Value>(act: () => Promise<Value>): Promise<Value> {
    if (this.#isOver) throw new StoreUnavailableError('The database was closed.');
    this.#count++;
    try {
      return await act();
    } finally {
      if (--this.#count === 0) this.#ended();
    }
  }

  /** Nothing more begins. @returns When nothing is under way any more. */
  over(): Promise<void> {
    this.#isOver = true;
    return new Promise((resolve) => {
      this.#ended = resolve;
      if (this.#count === 0) resolve();
    });
  }
}
