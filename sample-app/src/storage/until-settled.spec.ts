import { describe, expect, it } from '@jest/globals';
import { seconds, StoreUnavailableError } from '@keybound/core';
import { T0 } from '@keybound/testing';
import { untilSettled } from './until-settled.js';

/** A moment so short that a test can wait for it. */
const moment = 0.01;

describe('untilSettled', () => {
  it('THR-68 waits for replay memory that has only just begun, and says why', async () => {
    const moments = [T0, seconds(T0 + moment / 2), seconds(T0 + moment)];
    const clock = { now: () => moments.shift() ?? T0 };
    const said: string[] = [];
    const settledAt = async () => seconds(T0 + moment);
    await untilSettled({ clock, settledAt }, (line) => said.push(line));
    expect(moments).toEqual([]);
    expect(said).toEqual([expect.stringContaining('Redis has only just begun to remember')]);
  });

  it('THR-68 waits for no memory that is old enough', async () => {
    const said: string[] = [];
    const settled = { clock: { now: () => T0 }, settledAt: async () => T0 };
    await untilSettled(settled, (line) => said.push(line));
    expect(said).toEqual([]);
  });

  it('THR-66 waits for no store that is away', async () => {
    const settledAt = () => Promise.reject(new StoreUnavailableError('away'));
    const waiting = untilSettled({ clock: { now: () => T0 }, settledAt }, () => undefined);
    await expect(waiting).rejects.toThrow(StoreUnavailableError);
  });
});
