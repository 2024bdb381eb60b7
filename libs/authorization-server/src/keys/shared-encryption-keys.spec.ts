import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  decryptionKeysFrom,
  encryptCompactJwe,
  encryptionKeyFromJwk,
  StoreUnavailableError,
  type EncryptionKeys,
} from '@keybound/core';
import { answeringLate, ringSecret, WatchedKeyStore } from '@keybound/testing';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import type { KeyStore } from '../storage/key-store.js';
import { sharedEncryptionKeys } from './shared-encryption-keys.js';

const otherSecret = 'OTzlNVgBUKHvPYJaCXDMISWQfEGRo146';
const keysIn = (store: KeyStore, secret = ringSecret) =>
  sharedEncryptionKeys({ store, secrets: [secret] });
const closed = (keys: EncryptionKeys) =>
  encryptCompactJwe('a secret', encryptionKeyFromJwk(keys.publicJwk));

describe('sharedEncryptionKeys', () => {
  it('KD-09 AS-272 are the same for instances that start at once, and after a restart', async () => {
    const store = answeringLate(new InMemoryKeyStore());
    const [one, other] = await Promise.all([keysIn(store), keysIn(store), keysIn(store)]);
    expect(other).toEqual(one);
    expect(await keysIn(store)).toEqual(one);
    expect((await store.find('api-encryption'))?.version).toBe(1);
    const opened = await decryptionKeysFrom(other.decryptionJwks).decrypt(await closed(one));
    expect(opened).toMatchObject({ ok: true });
  });

  it('THR-76 lie sealed, and open by no other secret', async () => {
    const store = new InMemoryKeyStore();
    const { privateJwk } = await keysIn(store);
    const { sealed = '' } = (await store.find('api-encryption')) ?? {};
    expect(sealed).not.toContain(privateJwk['d']);
    await expect(keysIn(store, otherSecret)).rejects.toThrow(ConfigurationError);
    await expect(keysIn(store, otherSecret)).rejects.toThrow(/"api-encryption" is sealed by/);
  });

  it('AS-272 are others for another resource, and never the signing keys', async () => {
    const store = new InMemoryKeyStore();
    const other = await sharedEncryptionKeys({ store, secrets: [ringSecret], name: 'files' });
    expect(other.publicJwk).not.toEqual((await keysIn(store)).publicJwk);
    const wrong = (name: string) => sharedEncryptionKeys({ store, secrets: [ringSecret], name });
    for (const name of ['signing', '', 'é', 'x'.repeat(65)]) {
      await expect(wrong(name)).rejects.toThrow(ConfigurationError);
    }
  });

  it('THR-66 are not made up where the store cannot answer', async () => {
    const store = new WatchedKeyStore();
    store.isDown = true;
    await expect(keysIn(store)).rejects.toThrow(StoreUnavailableError);
  });
});
