import { AskedProcess } from '../asked-process.js';
import type { StorePlace } from '../stores/store-place.js';
import type { Timing } from './time-operation.js';

export type GrownStoreQuestion =
  | { readonly about: 'opening'; readonly place: StorePlace; readonly size: number }
  | { readonly about: 'operation'; readonly name: string }
  | { readonly about: 'tending' }
  | { readonly about: 'memory' };

/** A store of some size in a process of its own, so that its memory can be told. */
export class GrownStoreProcess {
  readonly #process = new AskedProcess('growth/grown-store-child');

  /** @param size In grants, as many as are there. */
  static async open(place: StorePlace, size: number): Promise<GrownStoreProcess> {
    const opened = new GrownStoreProcess();
    await opened.#ask({ about: 'opening', place, size });
    return opened;
  }

  /** @param name Of an operation. */
  async time(name: string): Promise<Timing> {
    return (await this.#ask({ about: 'operation', name })) as Timing;
  }

  /** Lets the database tidy up now. */
  async tend(): Promise<void> {
    await this.#ask({ about: 'tending' });
  }

  /** Resident, in octets. */
  async memory(): Promise<number> {
    return (await this.#ask({ about: 'memory' })) as number;
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  #ask(question: GrownStoreQuestion): Promise<unknown> {
    return this.#process.ask(question);
  }
}
