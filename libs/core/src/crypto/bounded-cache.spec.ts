import { describe, expect, it } from '@jest/globals';
import { BoundedCache } from './bounded-cache.js';

function cacheOf(maxEntries: number, ...keys: string[]): BoundedCache<string, string> {
  const cache = new BoundedCache<string, string>(maxEntries);
  for (const key of keys) cache.set(key, key);
  return cache;
}

describe('BoundedCache', () => {
  it('never holds more than its maximum, whatever is put in', () => {
    const cache = new BoundedCache<number, number>(100);
    for (let key = 0; key < 10_000; key += 1) cache.set(key, key);
    expect(cache.size).toBe(100);
    expect(cache.get(9_999)).toBe(9_999);
    expect(cache.get(0)).toBeUndefined();
  });

  it('forgets what was used longest ago', () => {
    const cache = cacheOf(3, 'a', 'b', 'c');
    expect(cache.get('a')).toBe('a');
    cache.set('d', 'd');
    expect(cache.get('a')).toBe('a');
    expect(cache.get('b')).toBeUndefined();
  });

  it('replaces a value without forgetting another', () => {
    const cache = cacheOf(2, 'a', 'b');
    cache.set('b', 'new');
    expect([cache.get('a'), cache.get('b'), cache.size]).toEqual(['a', 'new', 2]);
  });

  it('forgets what it is told to', () => {
    const cache = cacheOf(2, 'a');
    cache.delete('a');
    cache.delete('never there');
    expect([cache.get('a'), cache.size]).toEqual([undefined, 0]);
  });

  it('THR-34 knows no names of Object.prototype', () => {
    expect(cacheOf(2).get('__proto__')).toBeUndefined();
    expect(cacheOf(2).get('constructor')).toBeUndefined();
  });
});
