import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What oidc-provider remembers of one kind of thing, until the process ends. */
export class ProviderMemory implements Adapter {
  readonly #kept: Map<string, AdapterPayload>;

  /** @param known What is there from the beginning, by its identifier. */
  constructor(known: Readonly<Record<string, AdapterPayload>> = {}) {
    this.#kept = new Map(Object.entries(known));
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#kept.get(id);
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#kept.set(id, payload);
  }

  async destroy(id: string): Promise<void> {
    this.#kept.delete(id);
  }

  // Client credentials need no more than that.
  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(): Promise<void> {
    return undefined;
  }

  async revokeByGrantId(): Promise<void> {
    return undefined;
  }
}
