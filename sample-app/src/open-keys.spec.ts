import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryKeyStore, type SigningKeys } from '@keybound/authorization-server';
import { ConfigurationError, UpstreamError } from '@keybound/core';
import { RecordedAudit, T0 } from '@keybound/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshKeys } from './keys/keys-in-file.js';
import { serveKeys, type ServedKeys } from './keys/serve-keys.js';
import { openKeys } from './open-keys.js';

const aSecret = () => randomBytes(32).toString('base64');
const clock = { now: () => T0 };
const inProcess = { keyHolder: undefined };

/** What clients see of them. */
async function shown(keys: SigningKeys): Promise<unknown> {
  return keys.published(T0);
}

describe('openKeys', () => {
  const [old, next] = [aSecret(), aSecret()];
  let store: InMemoryKeyStore;
  beforeEach(() => {
    store = new InMemoryKeyStore();
  });

  const open = async (...secrets: readonly string[]) => {
    const ring = { store, secrets, clock, audit: new RecordedAudit() };
    const opened = await openKeys(inProcess, ring, undefined);
    await opened.close();
    return opened;
  };

  it('AS-272 finds the keys that were made first, those of the API included', async () => {
    const [first, second] = [await open(old), await open(old)];
    expect(first.keys.algorithms).toEqual(['ES256', 'RS256']);
    expect(await shown(second.keys)).toEqual(await shown(first.keys));
    expect(second.apiEncryption).toEqual(first.apiEncryption);
    expect(first.services).toEqual([]);
  });

  it('AS-272 lets another secret take the place of the first in three steps', async () => {
    const first = await open(old);
    for (const secrets of [[old, next], [next, old], [next]]) {
      expect(await shown((await open(...secrets)).keys)).toEqual(await shown(first.keys));
    }
    await expect(open(old)).rejects.toThrow(ConfigurationError);
    await expect(open(old)).rejects.toThrow(/do not open with KEYBOUND_SECRET/);
  });

  it('takes the keys of a test, and makes no others', async () => {
    const { keys } = await open(old);
    const ring = {
      store: new InMemoryKeyStore(),
      secrets: [old],
      clock,
      audit: new RecordedAudit(),
    };
    expect((await openKeys(inProcess, ring, keys)).keys).toBe(keys);
    expect(await ring.store.find('signing')).toBeUndefined();
  });
});

describe('openKeys with KEY_HOLDER', () => {
  let folder: string;
  let served: ServedKeys;
  let keyHolder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-holder-'));
    keyHolder = join(folder, 'keys.sock');
    served = await serveKeys(await freshKeys(['ES256']), keyHolder);
  });
  afterEach(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  const ring = () => ({
    store: new InMemoryKeyStore(),
    secrets: [aSecret()],
    clock,
    audit: new RecordedAudit(),
  });

  it('AS-209 signs by the process that holds the keys, and keeps none itself', async () => {
    const kept = ring();
    const opened = await openKeys({ keyHolder }, kept, undefined);
    const { signer } = await opened.keys.current('ES256', T0);
    expect(await signer.sign('a.b')).toHaveLength(64);
    expect(await kept.store.find('signing')).toBeUndefined();
    await opened.close();
  });

  it('AS-209 THR-66 is not ready while nobody holds them, and does not start', async () => {
    const opened = await openKeys({ keyHolder }, ring(), undefined);
    const [holder] = opened.services;
    await expect(holder?.check()).resolves.toBeUndefined();
    await served.close();
    await expect(holder?.check()).rejects.toThrow(UpstreamError);
    await opened.close();
    await expect(openKeys({ keyHolder }, ring(), undefined)).rejects.toThrow(UpstreamError);
  });
});
