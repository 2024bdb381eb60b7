import type { ClaimOutcome, ReplayStore, Spend } from '@keybound/core';

/** A replay store as none may be: it looks first, and saves when others have looked as well. */
export class FindThenSave implements ReplayStore {
  readonly sharing = 'process';
  /** How many look before one of them saves. */
  atOnce = 1;
  readonly #used = new Set<string>();
  readonly #looked: (() => void)[] = [];

  async claim(spends: readonly Spend[]): Promise<ClaimOutcome> {
    const spent = spends.find(({ digest }) => this.#used.has(digest.join()));
    await new Promise<void>((resolve) => {
      this.#looked.push(resolve);
      if (this.#looked.length < this.atOnce) return;
      for (const goOn of this.#looked.splice(0)) goOn();
    });
    if (spent !== undefined) return { claimed: false, spent, reason: 'used' };
    for (const { digest } of spends) this.#used.add(digest.join());
    return { claimed: true };
  }
}
