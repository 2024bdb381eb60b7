import { describe, expect, it } from '@jest/globals';
import {
  InMemorySessionStore,
  type SessionRecord,
  type SessionStore,
} from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { setImmediate as pause } from 'node:timers/promises';
import { contractFailures } from './contract-failures.js';
import { describeSessionStore } from './session-store.contract.js';

const failuresOf = (make: () => SessionStore, only?: string) =>
  contractFailures(describeSessionStore, make, only);

class KeepsReferences extends InMemorySessionStore {
  readonly started = new Map<string, SessionRecord>();

  override async start(session: SessionRecord) {
    this.started.set(session.hash, session);
  }

  override async find(hash: string) {
    return this.started.get(hash);
  }
}

class KeepsTheOld extends InMemorySessionStore {
  override start(session: SessionRecord) {
    return super.start(session, undefined);
  }
}

class FindThenEnd extends InMemorySessionStore {
  override async end(hash: string) {
    const found = await this.find(hash, Infinity, seconds(0));
    await pause();
    await super.end(hash);
    return found;
  }
}

class FindThenTouch extends InMemorySessionStore {
  override async touch(hash: string, clientId: string, now: Seconds) {
    const found = await this.find(hash, Infinity, now);
    await pause();
    if (found === undefined) return;
    const clientIds = [...new Set([...found.clientIds, clientId])];
    await this.start({ ...found, clientIds, lastSeenAt: now }, undefined);
  }
}

class IdlesASecondLong extends InMemorySessionStore {
  override find(hash: string, idleSeconds: number, now: Seconds) {
    return super.find(hash, idleSeconds + 1, now);
  }
}

class EndsASecondLate extends InMemorySessionStore {
  override find(hash: string, idleSeconds: number, now: Seconds) {
    return super.find(hash, idleSeconds - 1, seconds(now - 1));
  }
}

// That it passes a store that is right is shown where the in-memory store is tested.
describe('describeSessionStore', () => {
  it.each([
    ['AS-270 keeps a copy, which nobody else can change', KeepsReferences],
    ['THR-57 ends the old session with the login that replaces it', KeepsTheOld],
    ['AS-26 THR-93 tells exactly one of 25 what it ended', FindThenEnd],
    ['THR-50 does not bring back a session that ended', FindThenTouch],
    ['AS-26 THR-93 notes every client, each once', FindThenTouch],
    ['AS-26 does not let a clock that is behind shorten a session', FindThenTouch],
    ['AS-26 ends a session that idles, to the second', IdlesASecondLong],
    ['AS-26 ends a session at its absolute end, used or not', EndsASecondLate],
  ])('%s: fails %p', async (title, Wrong) => {
    expect(await failuresOf(() => new Wrong(), title)).toEqual([title]);
  });
});
