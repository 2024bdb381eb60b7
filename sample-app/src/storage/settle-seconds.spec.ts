import { describe, expect, it } from '@jest/globals';
import { settleSeconds } from './settle-seconds.js';

describe('settleSeconds', () => {
  it('THR-68 is longer than anything that is accepted may be dated ahead', () => {
    expect(settleSeconds({ serverNonces: 'off' })).toBe(61);
  });

  it('THR-68 is less where a nonce of ours dates every proof', () => {
    expect(settleSeconds({ serverNonces: 'required' })).toBe(11);
  });
});
