import { ConfigurationError } from '@keybound/core';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { Server } from 'node:net';
import { dirname } from 'node:path';
import { connectToSocket } from './connect-to-socket.js';
import { hasCode } from './has-code.js';

const ownerOnly = 0o177;

/**
 * Listens on a socket of this machine that its owner alone can open. One that a killed process left
 * behind is taken over.
 *
 * @throws ConfigurationError where another process listens there.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  try {
    await listen(server, path);
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    if (await isAnswered(path)) {
      throw new ConfigurationError(`Another process listens at ${path}; choose another path.`);
    }
    await unlink(path);
    await listen(server, path);
  }
}

/**
 * Where the folder of a socket is not there, listening would say that it may not: that it is not there,
 * it says of nothing.
 *
 * @throws ConfigurationError
 */
export function requireFolderOf(path: string): void {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new ConfigurationError(
    `There is no folder ${folder} for the socket ${path}; make it first.`,
  );
}

/** Private from its first moment on: whoever opened it before a change of mode would stay. */
async function listen(server: Server, path: string): Promise<void> {
  const before = process.umask(ownerOnly);
  try {
    server.listen({ path });
  } finally {
    process.umask(before);
  }
  await once(server, 'listening');
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connectToSocket(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if (hasCode(error, 'ECONNREFUSED')) return false;
    throw error;
  } finally {
    socket.destroy();
  }
}
