import { eventually } from './eventually.js';

/** What became of the messages of a scenario. */
export interface Counts {
  readonly sent: number;
  readonly accepted: number;
  /** 4xx: for what was used already, or never was any good. */
  readonly refused: number;
  /** 503, while a store was away. */
  readonly unavailable: number;
  /** Must be 0. */
  readonly acceptedTwice: number;
  /** Accepted, but unknown afterwards; or never answered. Must be 0. */
  readonly lost: number;
}

/** Counts one scenario. */
export class Tally {
  #counts: Counts = { sent: 0, accepted: 0, refused: 0, unavailable: 0, acceptedTwice: 0, lost: 0 };

  constructor(readonly scenario: string) {}

  get counts(): Counts {
    return this.#counts;
  }

  add(name: keyof Counts, more = 1): void {
    this.#counts = { ...this.#counts, [name]: this.#counts[name] + more };
  }

  /** @param status Of the answer; undefined where none came, which a balancer calls 502. */
  note(status: number | undefined): void {
    this.add('sent');
    if (status === undefined || status === 502) this.add('lost');
    else if (status === 503) this.add('unavailable');
    else this.add(status < 400 ? 'accepted' : 'refused');
  }

  /** Waits until that many were accepted. @throws Error where it takes too long. */
  async reaches(accepted: number): Promise<void> {
    if (await eventually(() => this.#counts.accepted >= accepted)) return;
    throw new Error(`${this.scenario} got no further: ${JSON.stringify(this.#counts)}`);
  }

  /** Answers to one and the same message, which may be taken once. */
  noteOnce(statuses: readonly (number | undefined)[]): void {
    for (const status of statuses) this.note(status);
    const taken = statuses.filter((status) => status !== undefined && status < 400).length;
    if (taken > 1) this.add('acceptedTwice', taken - 1);
  }
}

/** The counts of one file, told at its end. */
export class Tallies {
  readonly #tallies: Tally[] = [];

  scenario(name: string): Tally {
    const tally = new Tally(name);
    this.#tallies.push(tally);
    return tally;
  }

  /** Writes one line for each scenario. */
  report(): void {
    const lines = this.#tallies.map(({ scenario, counts }) => {
      const { sent, accepted, refused, unavailable, acceptedTwice, lost } = counts;
      const told =
        `${String(sent)} sent, ${String(accepted)} accepted, ${String(refused)} refused, ` +
        `${String(unavailable)} unavailable, ${String(acceptedTwice)} accepted twice, ${String(lost)} lost`;
      return `faults: ${scenario}: ${told}\n`;
    });
    process.stdout.write(lines.join(''));
  }
}
