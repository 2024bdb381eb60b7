import {
  encodeBase64url,
  signerFromJwk,
  thumbprintOf,
  type JsonObject,
  type Signer,
} from '@keybound/core';
import { createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { FrameReader, frameOf } from './frames.js';
import { question } from './key-holder-messages.js';
import type { WrittenKey } from './keys-in-file.js';
import { listenPrivately } from './listen-privately.js';

/** Keys that are held here, for whoever can open the socket. */
export interface ServedKeys {
  readonly algorithms: readonly string[];
  close(): Promise<void>;
}

type HeldSigners = ReadonlyMap<string, Signer>;

const maxConnections = 16;

/**
 * Signs what is asked for on a socket. Whoever can open it can have anything signed, and cannot learn
 * the key.
 *
 * @throws ConfigurationError where another process listens there, and for a key that is weak.
 */
export async function serveKeys(
  keys: readonly WrittenKey[],
  socketPath: string,
): Promise<ServedKeys> {
  const signers: HeldSigners = new Map(await Promise.all(keys.map(namedSigner)));
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // Whoever goes away, or breaks the frames, is not heard any more.
    pipeline(socket, (octets) => answersTo(octets, signers), socket).catch(() => socket.destroy());
  });
  server.maxConnections = maxConnections;
  await listenPrivately(server, socketPath);
  return {
    algorithms: keys.map(({ algorithm }) => algorithm),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}

async function namedSigner({ algorithm, privateJwk }: WrittenKey) {
  const signer = await signerFromJwk(privateJwk, algorithm);
  return [await thumbprintOf(signer.publicJwk), signer] as const;
}

/** One after the other, and none before the last answer was taken. */
async function* answersTo(
  octets: AsyncIterable<Uint8Array>,
  signers: HeldSigners,
): AsyncGenerator<Uint8Array> {
  const reader = new FrameReader();
  for await (const some of octets) {
    for (const message of reader.read(some)) yield frameOf(await answerTo(message, signers));
  }
}

async function answerTo(message: JsonObject, signers: HeldSigners): Promise<JsonObject> {
  const { success, data: asked } = question.safeParse(message);
  if (!success) return { id: message['id'] ?? null, error: 'malformed' };
  const { id } = asked;
  if (asked.ask === 'keys') {
    const keys = [...signers.values()].map(({ algorithm, publicJwk }) => ({
      algorithm,
      publicJwk: { ...publicJwk },
    }));
    return { id, keys };
  }
  const signer = signers.get(asked.kid);
  if (signer === undefined) return { id, error: 'unknown key' };
  return { id, signature: encodeBase64url(await signer.sign(asked.data)) };
}
