import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ConfigurationError,
  seconds,
  signCompactJws,
  UpstreamError,
  type JsonObject,
} from '@keybound/core';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameReader, frameOf } from './frames.js';
import { signersFrom, type KeysHeldElsewhere } from './held-elsewhere.js';
import { HolderConnection } from './holder-connection.js';
import { freshKeys, type WrittenKey } from './keys-in-file.js';
import { serveKeys, type ServedKeys } from './serve-keys.js';

const now = seconds(1_800_000_000);
const written = await freshKeys(['ES256', 'RS256']);

describe('signersFrom', () => {
  let folder: string;
  let path: string;
  const closing: (() => unknown)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-holder-'));
    path = join(folder, 'keys.sock');
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await rm(folder, { recursive: true });
  });

  async function holder(keys: readonly WrittenKey[] = written): Promise<ServedKeys> {
    const served = await serveKeys(keys, path);
    closing.push(() => served.close());
    return served;
  }

  async function held(): Promise<KeysHeldElsewhere> {
    const keys = await signersFrom(path);
    closing.push(() => {
      keys.close();
    });
    return keys;
  }

  /** A server that takes connections, and answers as it is told. */
  async function stranger(answers: (server: Server) => void): Promise<void> {
    const server = createServer();
    answers(server);
    server.listen(path);
    await once(server, 'listening');
    closing.push(() => server.close());
  }

  it.each(['ES256', 'RS256'] as const)(
    'AS-209 signs by %s where the key is, and publishes the public part',
    async (algorithm) => {
      await holder();
      const keys = await held();
      const { kid, signer } = await keys.current(algorithm, now);
      const token = await signCompactJws({ kid }, { sub: 'alice' }, signer);
      const jwks = (await keys.published(now)) as unknown as JSONWebKeySet;
      const { payload } = await jwtVerify(token, createLocalJWKSet(jwks));
      expect(payload).toEqual({ sub: 'alice' });
      expect(JSON.stringify(jwks)).not.toMatch(/"(d|p|q)":/);
    },
  );

  it('AS-209 gives each of many that ask at once its own signature', async () => {
    await holder();
    const keys = await held();
    const { signer } = await keys.current('RS256', now);
    const texts = Array.from({ length: 100 }, (_, at) => `text ${String(at)}`);
    const together = await Promise.all(texts.map((text) => signer.sign(text)));
    for (const [at, text] of texts.entries()) expect(await signer.sign(text)).toEqual(together[at]);
  });

  it('THR-84 opens its socket to nobody but its owner', async () => {
    await holder();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('AS-209 leaves a socket alone at which another process listens', async () => {
    await holder();
    const second = serveKeys(written, path);
    await expect(second).rejects.toThrow(ConfigurationError);
    await expect(second).rejects.toThrow(/Another process listens/);
    await (await held()).check();
  });

  it('AS-209 THR-66 cannot sign without the holder, and connects by itself when it is back', async () => {
    const served = await holder();
    const keys = await held();
    const { signer } = await keys.current('ES256', now);
    await served.close();
    for (let times = 0; times < 2; times += 1) {
      await expect(signer.sign('data')).rejects.toThrow(UpstreamError);
      await expect(keys.check()).rejects.toThrow(UpstreamError);
    }
    await holder();
    expect(await signer.sign('data')).toHaveLength(64);
    await keys.check();
  });

  it('AS-209 signs with no other key under the old name', async () => {
    const served = await holder();
    const { signer } = await (await held()).current('ES256', now);
    await served.close();
    await holder(await freshKeys(['ES256']));
    await expect(signer.sign('data')).rejects.toThrow(/unknown key/);
  });

  it('AS-209 does not start where nobody listens', async () => {
    await expect(signersFrom(path)).rejects.toThrow(UpstreamError);
  });

  it.each<[string, (question: Buffer) => Uint8Array]>([
    ['something else', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['no keys', () => frameOf({ id: 0, keys: [] })],
    ['a signature that nobody asked for', () => frameOf({ id: 0, signature: 'AAAA' })],
    [
      'a private key',
      () => frameOf({ id: 0, keys: [{ algorithm: 'ES256', publicJwk: secret() }] }),
    ],
  ])('AS-209 does not start where somebody says %s', async (_what, answer) => {
    await stranger((server) => {
      server.on('connection', (socket) => {
        socket.on('data', (question) => socket.end(answer(question)));
      });
    });
    await expect(signersFrom(path)).rejects.toThrow(UpstreamError);
  });

  it('THR-66 waits for a second and no longer, for all who wait', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      await stranger((server) => server.on('connection', (socket) => socket.resume()));
      const outcomes: unknown[] = [];
      for (let asked = 0; asked < 2; asked += 1) {
        signersFrom(path).catch((error: unknown) => outcomes.push(error));
      }
      await jest.advanceTimersByTimeAsync(999);
      expect(outcomes).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      expect(outcomes).toEqual([expect.any(UpstreamError), expect.any(UpstreamError)]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('AS-209 THR-66 waits for who answers slowly but steadily, and no longer for who stops', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const heard: JsonObject[] = [];
      let say: (id: number) => void = () => undefined;
      await stranger((server) => {
        server.on('connection', (socket) => {
          const reader = new FrameReader();
          socket.on('data', (octets) => heard.push(...reader.read(octets)));
          say = (id) => socket.write(frameOf({ id, error: 'unknown key' }));
        });
      });
      const connection = new HolderConnection(path);
      const asked = [0, 1, 2].map(() => connection.ask({ ask: 'keys' }));
      while (heard.length < asked.length) await new Promise(setImmediate);
      for (const id of [0, 1]) {
        jest.advanceTimersByTime(999);
        say(id);
        expect(await asked[id]).toMatchObject({ id });
      }
      jest.advanceTimersByTime(999);
      expect(connection.isOver).toBe(false);
      jest.advanceTimersByTime(1);
      await expect(asked[2]).rejects.toThrow(UpstreamError);
    } finally {
      jest.useRealTimers();
    }
  });

  it('AS-209 keeps a connection on which nothing is asked', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      await holder();
      const connection = new HolderConnection(path);
      for (let times = 0; times < 2; times += 1) {
        expect(await connection.ask({ ask: 'keys' })).toHaveProperty('keys');
        jest.advanceTimersByTime(10_000);
        expect(connection.isOver).toBe(false);
      }
      connection.close();
    } finally {
      jest.useRealTimers();
    }
  });

  it('THR-73 lets 200 wait, and no more', async () => {
    await holder();
    const { signer } = await (await held()).current('ES256', now);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 201 }, () => signer.sign('data')),
    );
    expect(outcomes.map(({ status }) => status).lastIndexOf('fulfilled')).toBe(199);
    expect(outcomes[200]).toMatchObject({ status: 'rejected', reason: expect.any(UpstreamError) });
  });

  it.each<[string, JsonObject]>([
    ['another question', { id: 1, ask: 'export' }],
    ['data that no JWS has', { id: 1, ask: 'sign', kid: 'k'.repeat(43), data: 'é' }],
    ['a question without a number', { ask: 'keys' }],
  ])('THR-05 tells nothing to whoever sends %s', async (_what, message) => {
    await holder();
    const socket = connect(path);
    socket.write(frameOf(message));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(JSON.parse(answer.subarray(4).toString())).toEqual({
      id: message['id'] ?? null,
      error: 'malformed',
    });
    socket.destroy();
  });

  it('THR-73 hangs up on whoever announces too much', async () => {
    await holder();
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.write(Buffer.alloc(4, 0xff));
    await once(socket, 'close');
    await (await held()).check();
  });
});

function secret(): JsonObject {
  return { ...written[0]?.privateJwk };
}
