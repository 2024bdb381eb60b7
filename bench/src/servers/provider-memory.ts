import type { Adapter, AdapterPayload } from 'oidc-provider';

/**
 * What oidc-provider remembers of one kind of thing, until the process ends. Its own adapter for
 * trying things out keeps 1,000 things of all kinds together: it would forget proofs, and sessions.
 */
export class ProviderMemory implements Adapter {
  readonly #kept = new Map<string, AdapterPayload>();
  readonly #byUid = new Map<string, string>();

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#kept.get(id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#kept.get(this.#byUid.get(uid) ?? '');
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#kept.set(id, payload);
    if (payload.uid !== undefined) this.#byUid.set(payload.uid, id);
  }

  async consume(id: string): Promise<void> {
    const payload = this.#kept.get(id);
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id: string): Promise<void> {
    this.#kept.delete(id);
  }

  // No flow that is measured comes to these.
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async revokeByGrantId(): Promise<void> {
    return undefined;
  }
}
