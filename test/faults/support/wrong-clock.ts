import { seconds, systemClock, type Clock } from '@keybound/core';
import { eventually } from './eventually.js';

/** The system's clock, and what somebody did to it. */
export class WrongClock implements Clock {
  aheadSeconds = 0;
  #asked = 0;

  now() {
    this.#asked += 1;
    return seconds(systemClock.now() + this.aheadSeconds);
  }

  /** Until the time is asked for: while nothing is under way, by those who work by themselves. */
  async isAsked(): Promise<void> {
    const before = this.#asked;
    if (await eventually(() => this.#asked > before)) return;
    throw new Error('Nobody asks for the time.');
  }
}
