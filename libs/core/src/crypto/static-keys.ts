import { ConfigurationError } from '../errors/faults.js';
import type { KeySource } from './key-source.js';
import { parseKeySet } from './parse-key-set.js';

/**
 * Keys that the operator configured: a JWK set, parsed once. RFC 7517 §5.
 *
 * Stricter than with sets from outside: only keys for another use are passed over, since a key that
 * is silently missing would show as refused tokens.
 *
 * @throws ConfigurationError for a set that is empty, malformed, ambiguous, or not public.
 */
export async function staticKeys(jwks: unknown): Promise<KeySource> {
  const parsed = await parseKeySet(jwks);
  if (!parsed.ok) throw new ConfigurationError(`The JWK set cannot be used: ${parsed.failure}.`);
  const { keys, unusable } = parsed.value;
  const broken = unusable.find(({ problem }) => problem !== 'use');
  if (broken !== undefined) {
    const place = String(broken.index);
    throw new ConfigurationError(
      `keys[${place}] of the JWK set cannot be used: ${broken.problem}.`,
    );
  }
  return {
    find: (header) => Promise.resolve(keys.find(header)),
    has: (key) => keys.has(key),
  };
}
