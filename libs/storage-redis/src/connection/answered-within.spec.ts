import { describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs';
import { answeredWithin, LateAnswerError } from './answered-within.js';

describe('answeredWithin', () => {
  it('THR-66 passes an answer on, or a failure', async () => {
    await expect(answeredWithin(10_000, Promise.resolve(1))).resolves.toBe(1);
    const failure = new Error('no');
    await expect(answeredWithin(10_000, Promise.reject(failure))).rejects.toBe(failure);
  });

  it('THR-66 does not wait for ever', async () => {
    const never = new Promise<never>(() => undefined);
    await expect(answeredWithin(1, never)).rejects.toThrow(LateAnswerError);
  });

  it('THR-66 leaves no failure unheard that comes too late', async () => {
    let fail: (error: Error) => void = () => undefined;
    const answer = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    await expect(answeredWithin(1, answer)).rejects.toThrow(LateAnswerError);
    // Unhandled, it would end this run.
    fail(new Error('too late'));
  });

  it('THR-66 hears an answer that came while this process was busy', async () => {
    const outcome = new Promise<string>((resolve) => {
      // From here to the next timer nothing is read.
      setImmediate(() => {
        const answer = new Promise<string>((answered) => {
          stat('.', () => {
            answered('heard');
          });
        });
        resolve(answeredWithin(20, answer));
        standStill();
      });
    });
    await expect(outcome).resolves.toBe('heard');
  });
});

function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
}
