import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import {
  currentKid,
  publishedKids,
  RecordedAudit,
  ringSecret,
  SettableClock,
  sharedKeys,
  storedGenerations,
  WatchedKeyStore,
} from '@keybound/testing';
import { z } from 'zod';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import type { KeyStore } from '../storage/key-store.js';
import { SealedRing } from './sealed-ring.js';

const otherSecret = 'OTzlNVgBUKHvPYJaCXDMISWQfEGRo146';
const ringIn = (store: KeyStore, name = 'ring') =>
  new SealedRing({ name, store, secrets: [ringSecret], schema: z.array(z.string()) });

describe('SealedRing', () => {
  it('AS-272 hands over what another saved, and the same object until it changes', async () => {
    const store = new InMemoryKeyStore();
    const [one, other] = [ringIn(store), ringIn(store)];
    expect(await one.update(async () => ['a'])).toEqual({ content: ['a'], isSaved: true });
    const seen: unknown[] = [];
    const look = () =>
      other.update(async (found = []) => {
        seen.push(found);
        return found;
      });
    for (let looks = 0; looks < 2; looks += 1) {
      expect(await look()).toEqual({ content: ['a'], isSaved: false });
    }
    expect(seen[0]).toBe(seen[1]);
    await one.update(async () => ['b']);
    expect((await look()).content).toEqual(['b']);
  });

  it('AS-272 THR-93 asks again, of what is there by then, where another was first', async () => {
    const store = new InMemoryKeyStore();
    const [one, other] = [ringIn(store), ringIn(store)];
    const { content } = await one.update(async (found = []) => {
      if (found.length === 0) await other.update(async () => ['theirs']);
      return [...found, 'mine'];
    });
    expect(content).toEqual(['theirs', 'mine']);
    expect((await store.find('ring'))?.version).toBe(2);
  });

  it('AS-272 gives up where others are always first', async () => {
    const ring = ringIn({
      sharing: 'shared',
      find: async () => undefined,
      replace: async () => false,
    });
    await expect(ring.update(async () => ['a'])).rejects.toThrow(StoreUnavailableError);
  });

  it('AS-207 does not save what is too long for a store', async () => {
    const store = new WatchedKeyStore();
    const ring = ringIn(store);
    await expect(ring.update(async () => ['a'.repeat(49_200)])).rejects.toThrow(/over 64 KiB/);
    expect(await store.find('ring')).toBeUndefined();
    await expect(ring.update(async () => ['a'.repeat(48_800)])).resolves.toBeDefined();
  });

  it('THR-76 takes no ring for another, and no version for another', async () => {
    const store = new InMemoryKeyStore();
    await ringIn(store).update(async () => ['a']);
    const { sealed = '' } = (await store.find('ring')) ?? {};
    await store.replace({ name: 'other', version: 1, sealed });
    await store.replace({ name: 'ring', version: 2, sealed });
    for (const name of ['other', 'ring']) {
      const opened = ringIn(store, name).update(async () => ['b']);
      await expect(opened).rejects.toThrow(ConfigurationError);
    }
  });

  it('AS-207 does not guess at what another version of it made', async () => {
    const store = new InMemoryKeyStore();
    await ringIn(store).update(async () => ['a']);
    const later = new SealedRing({
      name: 'ring',
      store,
      secrets: [ringSecret],
      schema: z.array(z.number()),
    });
    await expect(later.update(async () => [1])).rejects.toThrow(/made by another version/);
  });
});

describe('the ring of signing keys', () => {
  it('THR-76 AS-209 shows no private key: not stored, not logged, not printed', async () => {
    const store = new InMemoryKeyStore();
    const audit = new RecordedAudit();
    const clock = new SettableClock();
    const keys = await sharedKeys(store, { audit, clock });
    const generations = await storedGenerations(store);
    const secrets = [ringSecret];
    for (const { privateJwk } of generations.flatMap((each) => each.keys)) {
      secrets.push(privateJwk['d'] ?? '');
    }
    expect(secrets.map(({ length }) => length)).toEqual([32, 43, 43]);
    const shown = [
      JSON.stringify(await store.find('signing')),
      JSON.stringify(audit.events),
      JSON.stringify(await keys.published(clock.now())),
      JSON.stringify(keys),
      inspect(keys, { depth: 10, showHidden: true }),
      inspect(await keys.current('ES256', clock.now()), { depth: 10, showHidden: true }),
    ];
    for (const text of shown) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('AS-207 AS-272 goes from secret to secret, an instance at a time, without new keys', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const start = (...secrets: string[]) => sharedKeys(store, { clock, secrets });
    const kids = await publishedKids(await start(ringSecret), clock);
    const behind = await start(ringSecret, otherSecret);
    const inFront = await start(otherSecret, ringSecret);
    for (const keys of [behind, inFront, behind]) await keys.refresh();
    expect((await store.find('signing'))?.version).toBe(2);
    const alone = await start(otherSecret);
    for (const keys of [behind, inFront, alone]) {
      expect(await publishedKids(keys, clock)).toEqual(kids);
    }
    await expect(start(ringSecret)).rejects.toThrow(ConfigurationError);
  });

  it('THR-76 is not opened by another secret, and stays as it is', async () => {
    const store = new InMemoryKeyStore();
    await sharedKeys(store);
    const kept = await store.find('signing');
    const started = sharedKeys(store, { secrets: [otherSecret] });
    await expect(started).rejects.toThrow(ConfigurationError);
    await expect(started).rejects.toThrow(/key ring "signing" is sealed by a secret that is not/);
    expect(await store.find('signing')).toEqual(kept);
  });

  it('AS-207 THR-66 lets those sign on who have it where somebody spoils it', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const keys = await sharedKeys(store, { clock });
    const current = await currentKid(keys, clock);
    await store.replace({ name: 'signing', version: 2, sealed: 'spoilt' });
    await expect(keys.refresh()).rejects.toThrow(/changed or moved/);
    expect(await currentKid(keys, clock)).toBe(current);
    await expect(sharedKeys(store)).rejects.toThrow(ConfigurationError);
  });

  it('AS-207 makes all keys new, the same everywhere, where it was deleted', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const both = [await sharedKeys(store, { clock }), await sharedKeys(store, { clock })] as const;
    const before = await publishedKids(both[0], clock);
    store.inner = new InMemoryKeyStore();
    for (const keys of both) await keys.refresh();
    const [after, same] = [
      await publishedKids(both[0], clock),
      await publishedKids(both[1], clock),
    ];
    expect(after).toEqual(same);
    expect(after.filter((kid) => before.includes(kid))).toEqual([]);
  });
});
