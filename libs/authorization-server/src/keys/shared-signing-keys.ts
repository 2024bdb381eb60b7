import { parseConfiguration, systemClock } from '@keybound/core';
import { consoleAudit } from '@keybound/pop';
import { RingSigningKeys } from './ring-signing-keys.js';
import type { SharedSigningKeys } from './rotating-signing-keys.js';
import {
  sharedSigningKeysOptions,
  type SharedSigningKeysOptions,
} from './shared-signing-keys.schema.js';

/**
 * Keys that instances share through a store, sealed by a secret that they have in common: made by
 * whichever starts first, rotated on a schedule, and the same after a restart. AS-207, AS-272, THR-64.
 *
 * The store holds one ring of generations of keys, each with the moment from which it signs. There is
 * always a next one, made when the one before it begins to sign: it is known for a whole
 * `rotateEverySeconds` before it is used, and each instance switches by its own clock. Whichever notices
 * that the next is missing makes it; of several, one is saved and all take that.
 *
 * - While the store cannot answer, the keys in memory go on, switches that are due included. Nothing is
 *   refused until a generation signs that an instance has not seen: after `rotateEverySeconds`, or once
 *   somebody told another instance to `rotate()`.
 * - Clocks of instances may differ by up to `rotateEverySeconds` less `publishAheadSeconds` and
 *   `refreshSeconds`: no key signs that verifiers cannot know yet. `rotate()` trusts the clock of whoever
 *   calls it. One that is an hour ahead (or `rotateEverySeconds`, if that is less) takes nothing out of
 *   the ring that others still publish.
 * - A secret is rotated in three steps, each on all instances: the new one behind the old one, in front
 *   of it, and alone. What a previous secret sealed is sealed anew at the next start.
 * - Who deletes the ring makes all keys new within `refreshSeconds`; whatever was signed is refused.
 *
 * @returns Close it when the server ends.
 * @throws ConfigurationError for options that make no sense, and for a ring that these secrets do not
 *   open; StoreUnavailableError when the store cannot answer at the start.
 */
export async function sharedSigningKeys(
  options: SharedSigningKeysOptions,
): Promise<SharedSigningKeys> {
  const {
    store,
    secrets,
    clock = systemClock,
    audit = consoleAudit,
    rotateEverySeconds,
    ...rotation
  } = parseConfiguration('sharedSigningKeys', sharedSigningKeysOptions, options);
  const terms = {
    ...rotation,
    rotateEverySeconds: rotateEverySeconds === 'never' ? Infinity : rotateEverySeconds,
  };
  const keys = await RingSigningKeys.open({ store, secrets, terms, clock, audit });
  keys.refreshEvery(terms.refreshSeconds);
  return keys;
}
