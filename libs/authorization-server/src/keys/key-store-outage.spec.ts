import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError, type KeySource } from '@keybound/core';
import {
  currentKid,
  publishedKids,
  RecordedAudit,
  SettableClock,
  sharedKeys,
  WatchedKeyStore,
} from '@keybound/testing';

const month = 2_592_000;
const strange = 'a'.repeat(43);

async function knows(source: KeySource, kid = ''): Promise<boolean> {
  return (await source.find({ algorithm: 'ES256', kid })).ok;
}

describe('shared keys without their store', () => {
  it('THR-66 AS-207 sign and verify on, switches included, and mend by themselves', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const keys = await sharedKeys(store, { clock });
    const [current, next] = await publishedKids(keys, clock);
    store.isDown = true;
    await expect(keys.refresh()).rejects.toThrow(StoreUnavailableError);
    expect(await currentKid(keys, clock)).toBe(current);
    clock.advance(2 * month);
    expect(await currentKid(keys, clock)).toBe(next);
    expect(await knows(keys.source, next)).toBe(true);
    store.isDown = false;
    await keys.refresh();
    expect(await currentKid(keys, clock)).toBe(next);
    expect(await publishedKids(keys, clock)).toHaveLength(2);
  });

  it('THR-66 do not rotate when told to, and say so', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const keys = await sharedKeys(store, { clock });
    const current = await currentKid(keys, clock);
    store.isDown = true;
    clock.advance(1_000);
    await expect(keys.rotate(clock.now())).rejects.toThrow(StoreUnavailableError);
    expect(await currentKid(keys, clock)).toBe(current);
    store.isDown = false;
    expect(await keys.rotate(clock.now())).toBe(true);
  });

  it('THR-66 do not call a key unknown that may be there, and tell the operator why', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const audit = new RecordedAudit();
    const keys = await sharedKeys(store, { clock, audit });
    store.isDown = true;
    await expect(knows(keys.source, strange)).rejects.toThrow(StoreUnavailableError);
    expect(audit.events.at(-1)).toMatchObject({
      kind: 'fault',
      code: 'StoreUnavailableError',
      requirement: 'AS-207',
      actual: 'The key store is down.',
    });
    store.isDown = false;
    clock.advance(30);
    expect(await knows(keys.source, strange)).toBe(false);
  });
});

describe('a key that is not in the ring', () => {
  it('THR-64 is found where another instance has just made it', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const [one, other] = [await sharedKeys(store, { clock }), await sharedKeys(store, { clock })];
    clock.advance(month);
    await one.refresh();
    const before = await publishedKids(other, clock);
    const made = (await publishedKids(one, clock)).find((kid) => !before.includes(kid));
    expect(await knows(other.source, made)).toBe(true);
    expect(await publishedKids(other, clock)).toContain(made);
  });

  it('THR-63 costs one look in 30 seconds, however many ask', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const { source } = await sharedKeys(store, { clock });
    const before = store.calls;
    const flood = () =>
      Promise.all(Array.from({ length: 1_000 }, (_, at) => knows(source, `key-${String(at)}`)));
    expect(new Set(await flood())).toEqual(new Set([false]));
    clock.advance(29);
    await flood();
    expect(store.calls).toBe(before + 1);
    clock.advance(1);
    await flood();
    expect(store.calls).toBe(before + 2);
    clock.advance(-3_600);
    await flood();
    expect(store.calls).toBe(before + 3);
  });

  it('THR-63 costs none where no key was named', async () => {
    const store = new WatchedKeyStore();
    const { source } = await sharedKeys(store);
    const before = store.calls;
    const found = await source.find({ algorithm: 'RS256', kid: undefined });
    expect(found).toEqual({ ok: false, failure: 'unknown key' });
    expect(store.calls).toBe(before);
  });
});
