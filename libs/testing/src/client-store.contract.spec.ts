import { describe, expect, it } from '@jest/globals';
import {
  InMemoryClientStore,
  type ClientRecord,
  type ClientStore,
} from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { setImmediate as pause } from 'node:timers/promises';
import { describeClientStore } from './client-store.contract.js';
import { contractFailures } from './contract-failures.js';

const failuresOf = (make: () => ClientStore, only?: string) =>
  contractFailures(describeClientStore, make, only);

const anyTime = seconds(0);

class FindThenAdd extends InMemoryClientStore {
  override async add(record: ClientRecord) {
    const found = await this.find(record.id, anyTime);
    await pause();
    if (found !== undefined) return false;
    await this.remove(record.id);
    return super.add(record);
  }
}

class FindThenReplace extends InMemoryClientStore {
  override async replace(record: ClientRecord) {
    const found = await this.find(record.id, anyTime);
    await pause();
    if (found?.version !== record.version - 1) return false;
    await this.remove(record.id);
    return this.add(record);
  }
}

class FindThenRemove extends InMemoryClientStore {
  override async remove(clientId: string) {
    const found = await this.find(clientId, anyTime);
    await pause();
    await super.remove(clientId);
    return found !== undefined;
  }
}

class LastChangeWins extends InMemoryClientStore {
  override async replace(record: ClientRecord) {
    return (await this.remove(record.id)) && this.add(record);
  }
}

class ForgetsASecondLate extends InMemoryClientStore {
  override find(clientId: string, now: Seconds) {
    return super.find(clientId, seconds(now - 1));
  }
}

class ForgetsThatItWasUsed extends InMemoryClientStore {
  override async markUsed() {
    // Not noted.
  }
}

// That it passes a store that is right is shown where the in-memory store is tested.
describe('describeClientStore', () => {
  it.each([
    ['AS-272 THR-93 lets exactly one of 25 take an identifier', FindThenAdd],
    ['AS-272 THR-93 lets exactly one of 25 changes win', FindThenReplace],
    ['OIDC-27 does not bring back a client that was removed', FindThenReplace],
    ['OIDC-27 THR-93 lets exactly one of 25 removals win', FindThenRemove],
    ['OIDC-26 replaces only what the caller has seen', LastChangeWins],
    ['AS-216 does not let a change forget that a client was used', LastChangeWins],
    ['AS-216 forgets an unused client to the second', ForgetsASecondLate],
    ['AS-216 keeps a client from its first use on', ForgetsThatItWasUsed],
  ])('%s: fails %p', async (title, Wrong) => {
    expect(await failuresOf(() => new Wrong(), title)).toEqual([title]);
  });
});
