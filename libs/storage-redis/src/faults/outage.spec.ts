import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { StoreUnavailableError, type Spend } from '@keybound/core';
import { SettableClock, testRedis } from '@keybound/testing';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { openRedis } from '../open-redis.js';
import { onceAvailable } from '../test-servers/once-available.js';
import { describeOwnRedis } from '../test-servers/own-redis.js';
import { OwnStorage } from '../test-servers/own-storage.js';

const redis = await testRedis();
const isRequired = process.env['REQUIRE_SERVICES'] === '1';

describeOwnRedis(redis, isRequired, 'RedisStorage of which the server is away', () => {
  let own: OwnStorage | undefined;
  let clock: SettableClock;

  const start: typeof OwnStorage.start = async (...options) => {
    own = await OwnStorage.start(...options);
    return own;
  };

  const expectAnswers = async (asked: OwnStorage): Promise<void> => {
    for (const answer of await asked.askEverything()) expect(answer).toBe('answered');
  };

  const expectUnavailable = async (asked: OwnStorage): Promise<void> => {
    for (const answer of await asked.askEverything()) {
      expect(answer).toBeInstanceOf(StoreUnavailableError);
    }
  };

  /** @returns Whether the thing was claimed, once the store answers. */
  const isClaimed = async (asked: OwnStorage, thing: Spend): Promise<boolean> => {
    const { claimed } = await onceAvailable(() => asked.claim(thing));
    return claimed;
  };

  /** One that is late may have been claimed: another each time. */
  const expectClaims = async (asked: OwnStorage): Promise<void> => {
    const outcome = await onceAvailable(async () => asked.claim(await asked.fresh()));
    expect(outcome).toEqual({ claimed: true });
  };

  beforeEach(() => {
    clock = new SettableClock();
  });

  afterEach(async () => {
    await own?.close();
    own = undefined;
  });

  it('THR-66 OPS-08 says that it cannot answer while the server is down', async () => {
    const asked = await start(clock);
    await expectAnswers(asked);
    await asked.server.stop();
    await expectUnavailable(asked);
    await expectUnavailable(asked);
  });

  it('THR-66 recovers by itself when the server is there again', async () => {
    const asked = await start(clock);
    await asked.server.stop();
    await expectUnavailable(asked);
    await asked.server.start();
    clock.set(await onceAvailable(() => asked.storage.settledAt()));
    const thing = await asked.fresh();
    expect(await isClaimed(asked, thing)).toBe(true);
    expect(await isClaimed(asked, thing)).toBe(false);
    await expectAnswers(asked);
  });

  it('THR-66 connects again before anybody asks', async () => {
    const asked = await start(clock);
    await asked.server.command('CLIENT', 'KILL', 'TYPE', 'normal');
    // One line is of the connection that asks for the list.
    for (let lines = 0; lines < 2;) {
      const list = String(await asked.server.command('CLIENT', 'LIST'));
      lines = list.trim().split('\n').length;
    }
    await onceAvailable(() => asked.storage.check());
    await expectAnswers(asked);
  });

  it('THR-66 does not wait for a server that stands still', async () => {
    const asked = await start(clock, async () => ({ timeoutMs: 300 }));
    asked.server.pause();
    await expectUnavailable(asked);
    await expectUnavailable(asked);
    asked.server.resume();
    await expectClaims(asked);
  });

  it('THR-66 does not wait for a server that was told to pause', async () => {
    const asked = await start(clock, async () => ({ timeoutMs: 300 }));
    await asked.server.command('CLIENT', 'PAUSE', '60000', 'WRITE');
    await expectUnavailable(asked);
    await asked.server.command('CLIENT', 'UNPAUSE');
    await expectClaims(asked);
  });

  it('THR-66 never accepts again what may have been claimed when no answer came', async () => {
    const asked = await start(clock, async () => ({ timeoutMs: 300 }));
    const thing = await asked.fresh();
    asked.server.pause();
    await expect(asked.claim(thing)).rejects.toThrow(StoreUnavailableError);
    asked.server.resume();
    await isClaimed(asked, thing);
    const other = await openRedis({ url: asked.server.url, timeoutMs: 10_000 });
    const outcome = await other.replay.claim([thing], clock.now());
    await other.close();
    expect(outcome).toMatchObject({ claimed: false, reason: 'used' });
    expect(await isClaimed(asked, thing)).toBe(false);
  });

  it('THR-66 leaves a connection of which the other end is gone without a word', async () => {
    const sockets: Socket[] = [];
    const proxy = createServer();
    const asked = await start(clock, async ({ port }) => {
      proxy.on('connection', (socket) => {
        const through = connect(port, '127.0.0.1');
        sockets.push(socket, through);
        socket.on('error', () => through.destroy()).on('close', () => through.destroy());
        through.on('error', () => socket.destroy());
        socket.pipe(through).pipe(socket);
      });
      await once(proxy.listen(0, '127.0.0.1'), 'listening');
      const address = proxy.address() as AddressInfo;
      return { url: `redis://127.0.0.1:${String(address.port)}`, timeoutMs: 300 };
    });
    const dead = [...sockets];
    for (const socket of dead) socket.unpipe();
    await expectUnavailable(asked);
    // Those stay as they are: only another connection leads to the server.
    await expectClaims(asked);
    expect(sockets.length).toBeGreaterThan(dead.length);
    await asked.storage.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await once(proxy, 'close');
  });

  it('THR-71 finishes what is under way, then closes', async () => {
    const asked = await start(clock);
    const thing = await asked.fresh();
    asked.server.pause();
    const claim = asked.claim(thing);
    const closing = asked.storage.close();
    await expect(asked.claim(thing)).rejects.toThrow(StoreUnavailableError);
    asked.server.resume();
    expect(await claim).toEqual({ claimed: true });
    await closing;
    await expectUnavailable(asked);
  });
});
