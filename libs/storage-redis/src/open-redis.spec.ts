import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { inspect } from 'node:util';
import { openRedis } from './open-redis.js';
import type { RedisOptions } from './options.schema.js';

describe('openRedis', () => {
  it.each([
    ['url', 'of another kind', { url: 'http://localhost' }],
    ['url', 'that is not there', { url: undefined }],
    ['prefix', 'that is empty', { prefix: '' }],
    ['prefix', 'with a blank', { prefix: 'with blank ' }],
    ['timeoutMs', 'of nothing', { timeoutMs: 0 }],
    ['timeoutMs', 'of more than ten minutes', { timeoutMs: 600_001 }],
    ['eviction', 'that nobody knows', { eviction: 'whatever' }],
    ['settleSeconds', 'of nothing', { settleSeconds: 0 }],
    ['clockDifferenceSeconds', 'below zero', { clockDifferenceSeconds: -1 }],
    ['clock', 'that tells no time', { clock: { time: () => 0 } }],
    ['retries', 'that is no option', { retries: 3 }],
  ])('INV-9 cannot be opened with a %s %s', async (name, _what, options) => {
    const given = { url: 'redis://localhost', ...options } as unknown as RedisOptions;
    const opening = openRedis(given);
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(name);
  });

  it.each([
    ['a slash', 'redis://:hidden/part@localhost:6379'],
    ['half a percent-encoding', 'redis://:hidden%part@localhost:6379'],
    ['an encoding of no text', 'redis://:hidden%ffpart@localhost:6379'],
    ['a good password, and no number for the database', 'redis://:hiddenpart@localhost/first'],
  ])('THR-76 does not tell a URL whose password has %s', async (_what, url) => {
    const opening = openRedis({ url });
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow('url: must be a URL');
    const told = await opening.catch((error: unknown) => inspect(error, { depth: Infinity }));
    expect(told).not.toContain('hidden');
    expect(told).not.toContain('part@');
  });
});
