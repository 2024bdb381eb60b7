import { portOption, positiveOption, type Clock } from '@keybound/core';
import { z } from 'zod';

/** Timers hold no more than 24 days; what is longer comes from a wrong unit. */
const longestTimeoutMs = 600_000;

/** Options of `openRedis`. */
export const redisOptions = z.strictObject({
  /** Such as `redis://cache.example:6379/0`, or `rediss://…` for TLS. */
  url: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    // The driver's own complaint would repeat it, and its password.
    .refine(isUrlForDriver, 'must be a URL: encode what is special in its password, as %2F for /'),
  /**
   * Before every key, so that several applications can share a server. Braces make a hash tag, which
   * keeps all keys in one slot of a cluster.
   */
  prefix: z
    .string()
    .regex(/^[\w:.{}-]{1,64}$/)
    .default('{keybound}:'),
  /** How long a command may take, in milliseconds. THR-66. */
  timeoutMs: positiveOption.max(longestTimeoutMs).default(1_000),
  /** Whether a server that may drop keys when it is full is taken for replay memory. THR-68. */
  eviction: z.enum(['refused', 'accepted']).default('refused'),
  /**
   * How long after its beginning the replay memory is said to be too young by `check`: a second more
   * than proofs may be dated ahead. The default is right for the `baseline` of `@keybound/pop`, which
   * takes signed requests of a minute ahead.
   */
  settleSeconds: positiveOption.default(61),
  /**
   * Whether nothing was ever used that a memory could know of: it is the first start of all. Then a
   * memory that begins now lacks nothing, and fresh proofs are taken at once.
   */
  firstStart: z.boolean().default(false),
  /** How far the clocks of instances that share the server may be apart. */
  clockDifferenceSeconds: z.number().int().nonnegative().default(1),
  /** By which the beginning of the replay memory is judged; the system's where absent. */
  clock: portOption<Clock>('now').optional(),
});

export type RedisOptions = z.input<typeof redisOptions>;
export type RedisConfiguration = z.output<typeof redisOptions>;

/** What the driver reads out of it: a host, a database by its number, and an account, decoded. */
function isUrlForDriver(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password, pathname } = new URL(url);
  return /^\/?\d*$/.test(pathname) && [username, password].every(isDecodable);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
