import { describe, expect, it } from '@jest/globals';
import { seconds } from '../time/clock.js';
import { spendOf } from './spend-of.js';

describe('spendOf', () => {
  it('DPOP-13 names a thing by a digest of 32 octets, and says when it could be accepted', async () => {
    const spend = await spendOf('test', ['a'], { since: seconds(1), until: seconds(2) });
    expect(spend).toMatchObject({ since: 1, until: 2, kind: 'test' });
    expect(spend.digest).toHaveLength(32);
  });

  it('OPS-06 THR-68 rounds what is no whole second outwards', async () => {
    const spend = await spendOf('test', ['a'], { since: seconds(1.9), until: seconds(2.1) });
    expect(spend).toMatchObject({ since: 1, until: 3 });
  });
});
