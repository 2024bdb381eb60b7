import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryCounterStore, inMemoryStores } from '@keybound/authorization-server';
import type { AuthorizationServer } from '@keybound/authorization-server/nest';
import { SettableClock } from '@keybound/testing';
import type { LoginRequest } from './interaction.guard.js';
import { LoginAttempts } from './login-attempts.js';
import { TooManyLoginsException } from './too-many-logins.exception.js';

const places = 256;

describe('LoginAttempts', () => {
  let clock: SettableClock;
  let counters: InMemoryCounterStore;
  let attempts: LoginAttempts;
  beforeEach(() => {
    clock = new SettableClock();
    counters = new InMemoryCounterStore();
    const services = { stores: { ...inMemoryStores(), counters }, clock };
    attempts = new LoginAttempts({ services } as unknown as AuthorizationServer);
  });

  const attempt = (username: string, ip: string): LoginRequest => ({
    headers: {},
    params: {},
    method: 'POST',
    url: '/login/x',
    ip,
    body: { username },
  });

  /** Whether its password would be looked at. */
  async function isLetIn(username: string, ip: string, isRight = false): Promise<boolean> {
    const request = attempt(username, ip);
    try {
      await attempts.begin(request);
    } catch (error) {
      if (error instanceof TooManyLoginsException) return false;
      throw error;
    }
    if (isRight) await attempts.succeed(request);
    return true;
  }

  /** How many of those that come at once are let in. */
  async function letIn(times: number, name: (time: number) => string, ip: string): Promise<number> {
    const all = Array.from({ length: times }, (_, time) => isLetIn(name(time), ip));
    return (await Promise.all(all)).filter(Boolean).length;
  }

  it('lets forty guesses at one account through from an address, however many come at once', async () => {
    expect(await letIn(200, () => 'alice', '192.0.2.1')).toBe(40);
    expect(await isLetIn('alice', '192.0.2.1', true)).toBe(false);
    expect(await isLetIn('bob', '192.0.2.1', true)).toBe(true);
    expect(await isLetIn('alice', '192.0.2.2')).toBe(true);
    clock.advance(60);
    expect(await isLetIn('alice', '192.0.2.1', true)).toBe(true);
  });

  it('lets nobody stop an account elsewhere, or another one, by guesses that are refused', async () => {
    for (let round = 0; round < 24; round += 1) await letIn(50, () => 'alice', '192.0.2.1');
    expect(await isLetIn('alice', '192.0.2.2', true)).toBe(true);
    expect(await isLetIn('bob', '192.0.2.1', true)).toBe(true);
  });

  it('bounds guesses at one account that come from many addresses', async () => {
    let guesses = 0;
    for (let host = 1; host <= 12; host += 1) {
      guesses += await letIn(41, () => 'alice', `192.0.2.${host}`);
    }
    expect(guesses).toBe(400);
  });

  it('THR-73 looks at no more passwords from one address than it has places, whatever the names', async () => {
    const name = (time: number) => `name ${time}`;
    let guesses = 0;
    for (let round = 0; round < 3; round += 1) guesses += await letIn(500, name, '192.0.2.1');
    expect(guesses).toBeLessThanOrEqual(places);
    expect(guesses).toBeGreaterThan(200);
    expect(counters.records).toBeLessThanOrEqual(places + 2 * places);
    expect(await isLetIn('alice', '192.0.2.2', true)).toBe(true);
  });

  it('counts nothing against anybody for a password that was right', async () => {
    for (let time = 0; time < 2 * places; time += 1) {
      expect(await isLetIn(`name ${time % 3}`, '192.0.2.1', true)).toBe(true);
    }
    expect(counters.records).toBe(0);
  });

  it('takes back no wrong guess for the right password of another account', async () => {
    for (let time = 0; time < 40; time += 1) {
      expect(await isLetIn('alice', '192.0.2.1')).toBe(true);
      expect(await isLetIn('mallory', '192.0.2.1', true)).toBe(true);
    }
    expect(await isLetIn('alice', '192.0.2.1')).toBe(false);
  });

  it('takes no name for an account at an address', async () => {
    await letIn(100, () => '192.0.2.1 alice', '192.0.2.2');
    await letIn(100, () => 'at 192.0.2.1 alice', '192.0.2.2');
    expect(await isLetIn('alice', '192.0.2.1', true)).toBe(true);
  });
});
