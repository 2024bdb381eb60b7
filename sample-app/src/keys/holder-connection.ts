import { UpstreamError } from '@keybound/core';
import type { Socket } from 'node:net';
import { connectToSocket } from './connect-to-socket.js';
import { FrameReader, frameOf } from './frames.js';
import { answer, type Answer, type Question } from './key-holder-messages.js';

/** Who has something to answer and is silent for longer is taken for dead. */
const timeoutMs = 1_000;
/** A signature takes a few milliseconds at most: whoever came behind so many would wait for too long. */
const maxWaiting = 200;

/** A question before it has its number. */
export type NewQuestion =
  Omit<Extract<Question, { ask: 'keys' }>, 'id'> | Omit<Extract<Question, { ask: 'sign' }>, 'id'>;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: UpstreamError) => void;
}

/** A connection to a key holder, for many questions at once. When it breaks it is over. */
export class HolderConnection {
  readonly #waiting = new Map<number, Waiting>();
  readonly #reader = new FrameReader();
  readonly #socket: Socket;
  #asked = 0;
  #cause: unknown;
  /** Since the last answer, or the first question after it; none while nothing waits. */
  #silence: NodeJS.Timeout | undefined;

  constructor(readonly path: string) {
    const socket = connectToSocket(path).unref();
    socket.on('data', (octets) => {
      this.#read(octets);
    });
    socket.on('error', (error) => (this.#cause = error));
    socket.on('close', () => {
      this.#end();
    });
    this.#socket = socket;
  }

  get isOver(): boolean {
    return this.#socket.destroyed;
  }

  /**
   * @throws UpstreamError when the holder says nothing for a second, to whoever asked, or too many wait
   *   for an answer.
   */
  ask(question: NewQuestion): Promise<Answer> {
    if (this.#waiting.size >= maxWaiting) {
      return Promise.reject(new UpstreamError('Too many wait for the key holder.'));
    }
    return new Promise((resolve, reject) => {
      const id = this.#asked++;
      const frame = frameOf({ ...question, id });
      this.#waiting.set(id, { resolve, reject });
      this.#silence ??= this.#newSilence();
      this.#socket.write(frame);
    });
  }

  close(cause?: Error): void {
    this.#socket.destroy(cause);
  }

  #read(octets: Uint8Array): void {
    try {
      for (const message of this.#reader.read(octets)) this.#settle(answer.parse(message));
    } catch (error) {
      this.close(error instanceof Error ? error : undefined); // it does not speak as a key holder does
    }
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    clearTimeout(this.#silence);
    this.#silence = this.#waiting.size === 0 ? undefined : this.#newSilence();
    waiting.resolve(answer);
  }

  #newSilence(): NodeJS.Timeout {
    return setTimeout(() => {
      this.close(new Error('silent for too long'));
    }, timeoutMs);
  }

  #end(): void {
    const error = new UpstreamError(`No key holder answers at ${this.path}.`, {
      cause: this.#cause,
    });
    clearTimeout(this.#silence);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
