import { seconds, type Seconds } from '@keybound/core';
import type { ServerAnswer } from './proof-scheme.js';

/** What is known of a server. Replaced when something new is learnt, so that two can be compared. */
export interface ServerKnowledge {
  /** The newest nonce that it handed out. */
  readonly nonce: string | undefined;
  /** How many seconds its clock is ahead of ours. */
  readonly clockOffset: number;
}

/** How far a server's date may be off before its clock is believed instead of ours, in seconds. */
const toleratedSkew = 30;

/** Remembers the newest nonce of one origin, and how far its clock is off. OPS-11, OPS-14. */
export class ServerMemory {
  #known: ServerKnowledge = { nonce: undefined, clockOffset: 0 };

  get known(): ServerKnowledge {
    return this.#known;
  }

  /**
   * Learns from every response, whatever its status.
   *
   * @param now Our own clock when the response came.
   */
  learn(answer: ServerAnswer, response: Response, now: Seconds): void {
    const { nonce, clockOffset } = this.#known;
    this.#known = {
      nonce: answer.nonce ?? nonce,
      clockOffset:
        answer.refusal === undefined ? clockOffset : offsetFrom(response, now, clockOffset),
    };
  }
}

function offsetFrom(response: Response, now: Seconds, clockOffset: number): number {
  const date = response.headers.get('date');
  const serverNow = seconds(date === null ? Number.NaN : Date.parse(date) / 1000);
  const offset = serverNow - now;
  return Math.abs(offset - clockOffset) > toleratedSkew ? offset : clockOffset;
}
