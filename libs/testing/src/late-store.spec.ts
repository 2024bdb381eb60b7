import { describe, expect, it } from '@jest/globals';
import { InMemoryCounterStore } from '@keybound/authorization-server';
import { seconds } from '@keybound/core';
import { answeringLate } from './late-store.js';

const now = seconds(1_800_000_000);
const key = { key: 'one', limit: 1, windowSeconds: 60 };

describe('answeringLate', () => {
  it('THR-93 decides as the inner store does', async () => {
    const store = answeringLate(new InMemoryCounterStore(), [0]);
    expect(store.sharing).toBe('process');
    expect(await store.count([key], now)).toEqual({ within: true });
    expect(await store.count([key], now)).toEqual({ within: false, retryAfterSeconds: 60 });
  });

  it('THR-93 passes failures on', async () => {
    const store = answeringLate({ fail: () => Promise.reject(new RangeError('no')) }, [0]);
    await expect(store.fail()).rejects.toThrow(RangeError);
  });

  it('THR-93 lets calls overtake one another', async () => {
    const order: number[] = [];
    const inner = {
      note: (turn: number) => {
        order.push(turn);
        return Promise.resolve();
      },
    };
    const store = answeringLate(inner, [20, 0]);
    await Promise.all([store.note(0), store.note(1)]);
    expect(order).toEqual([1, 0]);
  });
});
