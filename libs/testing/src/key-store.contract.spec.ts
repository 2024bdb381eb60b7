import { describe, expect, it } from '@jest/globals';
import {
  InMemoryKeyStore,
  type KeyRingRecord,
  type KeyStore,
} from '@keybound/authorization-server';
import { setImmediate as pause } from 'node:timers/promises';
import { contractFailures } from './contract-failures.js';
import { describeKeyStore } from './key-store.contract.js';

const failuresOf = (make: () => KeyStore, only?: string) =>
  contractFailures(describeKeyStore, make, only);

class KeepsReferences extends InMemoryKeyStore {
  readonly saved = new Map<string, KeyRingRecord>();

  override async find(name: string) {
    return this.saved.get(name);
  }

  override async replace(record: KeyRingRecord) {
    this.saved.set(record.name, record);
    return true;
  }
}

class ForgetsCase extends InMemoryKeyStore {
  override find(name: string) {
    return super.find(name.toLowerCase());
  }

  override replace(record: KeyRingRecord) {
    return super.replace({ ...record, name: record.name.toLowerCase() });
  }
}

class CutsShort extends InMemoryKeyStore {
  override replace(record: KeyRingRecord) {
    return super.replace({ ...record, sealed: record.sealed.slice(0, 65_535) });
  }
}

class OneRing extends InMemoryKeyStore {
  override async find(name: string) {
    const found = await super.find('the one');
    return found && { ...found, name };
  }

  override replace(record: KeyRingRecord) {
    return super.replace({ ...record, name: 'the one' });
  }
}

class TakesAnyVersion extends InMemoryKeyStore {
  readonly saved = new Map<string, KeyRingRecord>();

  override async find(name: string) {
    return this.saved.get(name);
  }

  override async replace(record: KeyRingRecord) {
    const { version = -Infinity } = this.saved.get(record.name) ?? {};
    if (record.version <= version) return false;
    this.saved.set(record.name, { ...record });
    return true;
  }
}

class FindThenReplace extends TakesAnyVersion {
  override async replace(record: KeyRingRecord) {
    const { version = 0 } = (await this.find(record.name)) ?? {};
    await pause();
    if (record.version !== version + 1) return false;
    this.saved.set(record.name, { ...record });
    return true;
  }
}

class SavesLater extends InMemoryKeyStore {
  override async replace(record: KeyRingRecord) {
    const { version = 0 } = (await this.find(record.name)) ?? {};
    void pause().then(() => super.replace(record));
    return record.version === version + 1;
  }
}

// That it passes a store that is right is shown where the in-memory store is tested.
describe('describeKeyStore', () => {
  it.each([
    ['AS-207 keeps a ring as it was', OneRing],
    ['AS-207 keeps a ring as it was', SavesLater],
    ['AS-207 keeps what is sealed to the letter, however long', CutsShort],
    ['AS-207 keeps rings apart whose names are nearly the same', ForgetsCase],
    ['AS-270 keeps a copy, which nobody else can change', KeepsReferences],
    ['INV-1 finds nothing under a name that is none', OneRing],
    ['AS-272 begins with version 1, and no other', TakesAnyVersion],
    ['AS-272 goes on with the next version, and no other', TakesAnyVersion],
    ['AS-272 THR-93 lets exactly one of 25 begin', FindThenReplace],
    ['AS-272 THR-93 lets exactly one of 25 go on', FindThenReplace],
    ['AS-272 THR-93 lets exactly one of 25 go on, when answers are late', FindThenReplace],
  ])('%s: fails %p', async (title, Wrong) => {
    expect(await failuresOf(() => new Wrong(), title)).toEqual([title]);
  });
});
