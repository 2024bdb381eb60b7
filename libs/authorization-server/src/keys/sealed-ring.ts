import { ConfigurationError, sealingBy, StoreUnavailableError, type Sealing } from '@keybound/core';
import type { z } from 'zod';
import type { KeyStore } from '../storage/key-store.js';

export interface SealedRingOptions<Content> {
  /** Of its record. */
  readonly name: string;
  readonly store: KeyStore;
  /** The first one seals, all of them unseal. */
  readonly secrets: readonly string[];
  readonly schema: z.ZodType<Content>;
}

interface OpenedRing<Content> {
  readonly version: number;
  readonly sealed: string;
  readonly content: Content;
}

const maxSealedLength = 65_536;
/** Characters of JSON that always fit into a ring, sealed: that adds a third, and a header. */
export const fittingLength = 48_000;
/** Each time somebody else was first, which is as rare as new keys are. */
const maxTries = 10;

/** A record of a {@link KeyStore} that only who has a secret can read or make. */
export class SealedRing<Content> {
  readonly #options: SealedRingOptions<Content>;
  readonly #sealing: Sealing;
  #opened: OpenedRing<Content> | undefined;
  /** Resealing is for the start alone: instances that disagree on the current secret must not take turns. */
  #hasBegun = false;

  /** @throws ConfigurationError for a secret that is too weak. */
  constructor(options: SealedRingOptions<Content>) {
    this.#options = options;
    this.#sealing = sealingBy(options.secrets, `the key ring "${options.name}"`);
  }

  /**
   * Changes the ring in one step, or leaves it. The first time, what a previous secret sealed is sealed
   * anew.
   *
   * @param change Asked for what shall be there, given what is, and again where another instance was
   *               first. The same object, as long as nobody changed the ring; returned, it stays.
   * @returns What is there now, and whether it is this call that saved it.
   * @throws StoreUnavailableError when the store cannot answer; ConfigurationError for a ring that
   *   cannot be read with these secrets, or by this version.
   */
  async update(
    change: (content: Content | undefined) => Promise<Content>,
  ): Promise<{ readonly content: Content; readonly isSaved: boolean }> {
    for (let tries = 0; tries < maxTries; tries++) {
      const ring = await this.#read();
      const content = await change(ring?.content);
      const isSame = content === ring?.content;
      const stays = isSame && (this.#hasBegun || this.#sealing.isByCurrent(ring.sealed));
      if (stays || (await this.#save((ring?.version ?? 0) + 1, content))) {
        this.#hasBegun = true;
        return { content, isSaved: !stays };
      }
    }
    throw new StoreUnavailableError(
      `The key ring "${this.#options.name}" changes faster than it can be read.`,
    );
  }

  async #read(): Promise<OpenedRing<Content> | undefined> {
    const { name, store, schema } = this.#options;
    const record = await store.find(name);
    if (record === undefined) return (this.#opened = undefined);
    const { version, sealed } = record;
    if (sealed === this.#opened?.sealed) return this.#opened;
    const text = await this.#sealing.unseal(sealed, [name, version]);
    const content = schema.safeParse(JSON.parse(text));
    if (content.success) return (this.#opened = { version, sealed, content: content.data });
    throw new ConfigurationError(
      `The key ring "${name}" was made by another version; run that one, or delete the ring to begin anew.`,
    );
  }

  async #save(version: number, content: Content): Promise<boolean> {
    const { name, store } = this.#options;
    const sealed = await this.#sealing.seal(JSON.stringify(content), [name, version]);
    if (sealed.length > maxSealedLength) {
      throw new ConfigurationError(
        `The key ring "${name}" is over 64 KiB; rotate less often, or have fewer algorithms.`,
      );
    }
    if (!(await store.replace({ name, version, sealed }))) return false;
    this.#opened = { version, sealed, content };
    return true;
  }
}
