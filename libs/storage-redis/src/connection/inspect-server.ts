import { ConfigurationError } from '@keybound/core';
import type { RedisConfiguration } from '../options.schema.js';

/**
 * Whether a server is fit to remember what was used, by its own description.
 *
 * @param info What it answers to `INFO`.
 * @returns The name of its run.
 * @throws ConfigurationError for a replica (THR-69), and for a server that drops keys when it is full or
 *   does not name its run (THR-68).
 */
export function inspectServer(info: string, { eviction, prefix }: RedisConfiguration): string {
  const facts = factsIn(info);
  const role = facts.get('role');
  if (role !== 'master') {
    throw new ConfigurationError(
      `Redis: the server's role is ${String(role)}. A replica answers late: connect to the primary.`,
    );
  }
  const policy = facts.get('maxmemory_policy');
  if (policy !== 'noeviction' && eviction !== 'accepted') {
    throw new ConfigurationError(
      `Redis: maxmemory-policy is ${String(policy)}. When it is full it would forget what was used, ` +
        "so that it can be used again: set noeviction, or say eviction: 'accepted'.",
    );
  }
  if (facts.get('cluster_enabled') === '1' && !/\{[^}]+\}/.test(prefix)) {
    throw new ConfigurationError(
      'Redis: in a cluster all keys must be in one slot: put a hash tag into prefix, such as {keybound}:',
    );
  }
  const run = facts.get('run_id') ?? '';
  if (run === '') {
    throw new ConfigurationError(
      'Redis: the server names no run_id. A restart could not be told, nor what it forgot: connect to Redis or Valkey itself.',
    );
  }
  return run;
}

function factsIn(info: string): ReadonlyMap<string, string> {
  const lines = info.split('\r\n').map((line) => line.split(':', 2));
  return new Map(lines.map(([name = '', value = '']) => [name, value]));
}
