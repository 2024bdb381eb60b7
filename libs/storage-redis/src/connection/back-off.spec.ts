import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.js';

describe('backOffMs', () => {
  it.each([
    [0, 25, 50],
    [1, 50, 100],
    [4, 400, 800],
    [5, 500, 1_000],
    [1_000_000, 500, 1_000],
  ])('THR-66 waits no longer than a second: attempt %p', (attempt, atLeast, atMost) => {
    const waits = Array.from({ length: 100 }, () => backOffMs(attempt));
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(atLeast);
      expect(wait).toBeLessThanOrEqual(atMost);
    }
    expect(new Set(waits).size).toBeGreaterThan(50);
  });
});
