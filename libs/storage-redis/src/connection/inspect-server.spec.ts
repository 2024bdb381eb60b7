import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { redisOptions } from '../options.schema.js';
import { inspectServer } from './inspect-server.js';

const defaults = redisOptions.parse({ url: 'redis://localhost' });
const good = {
  run_id: 'ab12',
  maxmemory_policy: 'noeviction',
  role: 'master',
  cluster_enabled: '0',
};

/** As the server writes it. */
function infoOf(facts: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}:${value}`],
  );
  return ['# Server', ...lines, ''].join('\r\n');
}

describe('inspectServer', () => {
  it('THR-68 names the run of a server that is fit', () => {
    expect(inspectServer(infoOf(good), defaults)).toBe('ab12');
  });

  it.each([
    ['THR-68', 'drops the least used', { maxmemory_policy: 'allkeys-lfu' }],
    ['THR-68', 'drops what ends soonest', { maxmemory_policy: 'volatile-ttl' }],
    ['THR-68', 'does not say whether it drops keys', { maxmemory_policy: undefined }],
    ['THR-68', 'does not name its run', { run_id: undefined }],
    ['THR-68', 'names its run by nothing', { run_id: '' }],
    ['THR-69', 'is a replica', { role: 'slave' }],
    ['THR-69', 'watches others', { role: 'sentinel' }],
    ['THR-69', 'does not say what it is', { role: undefined }],
  ])('%s refuses a server that %s', (_id, _what, flaw) => {
    const info = infoOf({ ...good, ...flaw });
    expect(() => inspectServer(info, defaults)).toThrow(ConfigurationError);
  });

  it('THR-68 takes a server that drops keys only where that is accepted', () => {
    const info = infoOf({ ...good, maxmemory_policy: 'allkeys-lru' });
    expect(inspectServer(info, { ...defaults, eviction: 'accepted' })).toBe('ab12');
    const replica = infoOf({ ...good, role: 'slave' });
    expect(() => inspectServer(replica, { ...defaults, eviction: 'accepted' })).toThrow(
      ConfigurationError,
    );
  });

  it.each(['keybound:', 'keybound{}:', '{keybound:'])(
    'AS-272 refuses the prefix %s in a cluster, and there alone',
    (prefix) => {
      const cluster = infoOf({ ...good, cluster_enabled: '1' });
      expect(() => inspectServer(cluster, { ...defaults, prefix })).toThrow(ConfigurationError);
      expect(inspectServer(infoOf(good), { ...defaults, prefix })).toBe('ab12');
      expect(inspectServer(cluster, defaults)).toBe('ab12');
    },
  );
});
