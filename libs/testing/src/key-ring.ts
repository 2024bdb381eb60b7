import {
  InMemoryKeyStore,
  sharedSigningKeys,
  type KeyRingRecord,
  type KeyStore,
  type SharedSigningKeys,
  type SharedSigningKeysOptions,
  type SigningKeys,
} from '@keybound/authorization-server';
import {
  sealingBy,
  StoreUnavailableError,
  type Clock,
  type PrivateJwk,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { RecordedAudit } from './recorded-audit.js';
import { SettableClock } from './scene.js';

/** What the keys of the scene are sealed by. */
export const ringSecret = 'kq3Vt7Rz0yXw9LmN2bPs5HdG8jFcAeUi';

/** One instance's view of keys that are shared through the store: ES256, with the lib's own times. */
export function sharedKeys(
  store: KeyStore,
  own: Partial<SharedSigningKeysOptions> = {},
): Promise<SharedSigningKeys> {
  return sharedSigningKeys({
    store,
    secrets: [ringSecret],
    algorithms: ['ES256'],
    audit: new RecordedAudit(),
    clock: new SettableClock(),
    ...own,
  });
}

/** The name of the ES256 key that signs now. */
export async function currentKid(keys: SigningKeys, clock: Clock): Promise<string> {
  return (await keys.current('ES256', clock.now())).kid;
}

/** The names in the key set, in its order. */
export async function publishedKids(keys: SigningKeys, clock: Clock): Promise<readonly string[]> {
  const document = await keys.published(clock.now());
  return (document['keys'] as unknown as readonly { kid: string }[]).map(({ kid }) => kid);
}

interface StoredGeneration {
  readonly publishedAt: number;
  readonly signsFrom: number | null;
  readonly keys: readonly { algorithm: SignatureAlgorithmName; privateJwk: PrivateJwk }[];
}

/** What only who has the secret can see of a store. */
export async function storedGenerations(store: KeyStore): Promise<readonly StoredGeneration[]> {
  const { version = 0, sealed = '' } = (await store.find('signing')) ?? {};
  const sealing = sealingBy([ringSecret], 'the key ring "signing"');
  return JSON.parse(await sealing.unseal(sealed, ['signing', version])) as StoredGeneration[];
}

/** A key store that counts its calls, and that can go away. */
export class WatchedKeyStore implements KeyStore {
  readonly sharing = 'shared';
  isDown = false;
  calls = 0;

  constructor(public inner: KeyStore = new InMemoryKeyStore()) {}

  find(name: string): Promise<KeyRingRecord | undefined> {
    return this.#ask(() => this.inner.find(name));
  }

  replace(record: KeyRingRecord): Promise<boolean> {
    return this.#ask(() => this.inner.replace(record));
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.calls += 1;
    if (this.isDown) throw new StoreUnavailableError('The key store is down.');
    return ask();
  }
}
