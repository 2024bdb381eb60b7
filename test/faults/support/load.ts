import type { Tally } from './tally.js';

/** Requests without a pause, a few at a time, until it is stopped. */
export class Load {
  #isOver = false;
  readonly #workers: readonly Promise<void>[];

  /** @param ask Sends one. @returns Its status; undefined where no answer came. */
  constructor(
    workers: number,
    private readonly ask: () => Promise<number | undefined>,
    private readonly tally: Tally,
  ) {
    this.#workers = Array.from({ length: workers }, () => this.#work());
  }

  /** After the last answer. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    while (!this.#isOver) this.tally.note(await this.ask());
  }
}
