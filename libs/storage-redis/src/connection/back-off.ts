const longestMs = 1_000;

/**
 * How long to wait, in milliseconds, after an attempt to connect: doubled with each, a second at most,
 * and up to half of it off by chance, so that instances do not all come at once.
 *
 * @param attempt From 0.
 */
export function backOffMs(attempt: number): number {
  const wait = Math.min(50 * 2 ** Math.min(attempt, 10), longestMs);
  const [chance = 0] = crypto.getRandomValues(new Uint32Array(1));
  return wait * (1 - chance / 2 ** 33);
}
