import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  decryptionKeysFrom,
  encryptCompactJwe,
  encryptionKeyFromJwk,
  StoreUnavailableError,
} from '@keybound/core';
import { answeringLate, ringSecret, WatchedKeyStore } from '@keybound/testing';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import type { KeyStore } from '../storage/key-store.js';
import { rotateEncryptionKeys } from './rotate-encryption-keys.js';
import type { RotateEncryptionKeysOptions } from './rotate-encryption-keys.schema.js';
import { sharedEncryptionKeys, type SharedEncryptionKeys } from './shared-encryption-keys.js';

const optionsFor = (store: KeyStore) => ({ store, secrets: [ringSecret] });
const started = (store: KeyStore) => sharedEncryptionKeys(optionsFor(store));
const rotate = (store: KeyStore, step: RotateEncryptionKeysOptions['step']) =>
  rotateEncryptionKeys({ ...optionsFor(store), step });

/** Whether one opens what another encrypts. */
async function opens(one: SharedEncryptionKeys, other: SharedEncryptionKeys): Promise<boolean> {
  const closed = await encryptCompactJwe('a secret', encryptionKeyFromJwk(other.publicJwk));
  return (await decryptionKeysFrom(one.decryptionJwks).decrypt(closed)).ok;
}

describe('rotateEncryptionKeys', () => {
  it('THR-64 AS-272 replaces a pair while instances of before and after each step are there', async () => {
    const store = new InMemoryKeyStore();
    const first = await started(store);
    let before = first;
    for (const [step, isNew] of [
      ['next', false],
      ['current', true],
      ['alone', true],
    ] as const) {
      await rotate(store, step);
      const after = await started(store);
      expect(after.publicJwk['kid'] !== first.publicJwk['kid']).toBe(isNew);
      expect([await opens(before, after), await opens(after, before)]).toEqual([true, true]);
      before = after;
    }
    expect(before.decryptionJwks).toHaveLength(1);
    expect(await opens(before, first)).toBe(false);
    await rotate(store, 'next');
    expect((await started(store)).decryptionJwks).toHaveLength(2);
  });

  it('THR-64 THR-93 takes a step once, however many ask for it at once, and again', async () => {
    const store = answeringLate(new InMemoryKeyStore());
    await started(store);
    for (const [step, version] of [
      ['next', 2],
      ['current', 3],
      ['alone', 4],
    ] as const) {
      await Promise.all([rotate(store, step), rotate(store, step), rotate(store, step)]);
      await rotate(store, step);
      expect((await store.find('api-encryption'))?.version).toBe(version);
    }
  });

  it('THR-64 leaves out no step', async () => {
    const store = new InMemoryKeyStore();
    await started(store);
    for (const [step, tooEarly] of [
      ['alone', 'current'],
      ['next', 'alone'],
      ['current', 'next'],
    ] as const) {
      await rotate(store, step);
      await expect(rotate(store, tooEarly)).rejects.toThrow(ConfigurationError);
      await expect(rotate(store, tooEarly)).rejects.toThrow(`is at "${step}"`);
    }
  });

  it('AS-272 makes nothing where there is no ring, or none that opens', async () => {
    const store = new InMemoryKeyStore();
    await expect(rotate(store, 'next')).rejects.toThrow(/"api-encryption" is not there/);
    expect(await store.find('api-encryption')).toBeUndefined();
    await started(store);
    const secrets = ['OTzlNVgBUKHvPYJaCXDMISWQfEGRo146'];
    const rotating = rotateEncryptionKeys({ store, secrets, step: 'next' });
    await expect(rotating).rejects.toThrow(/is sealed by/);
    expect((await store.find('api-encryption'))?.version).toBe(1);
  });

  it('THR-66 says so where the store cannot answer', async () => {
    const store = new WatchedKeyStore();
    await started(store);
    store.isDown = true;
    await expect(rotate(store, 'next')).rejects.toThrow(StoreUnavailableError);
  });
});
