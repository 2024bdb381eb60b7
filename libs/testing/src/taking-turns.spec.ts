import { describe, expect, it } from '@jest/globals';
import { takingTurns } from './taking-turns.js';

describe('takingTurns', () => {
  it('AS-272 asks another instance each time', () => {
    const instance = (name: string) => ({ kind: 'store', whoIsAsked: () => name });
    const store = takingTurns([instance('one'), instance('other')]);
    const asked = Array.from({ length: 4 }, () => store.whoIsAsked());
    expect(asked).toEqual(['one', 'other', 'one', 'other']);
    expect(store.kind).toBe('store');
  });
});
