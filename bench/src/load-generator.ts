import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ResponseReader } from './response-reader.js';

export interface Load {
  readonly port: number;
  /** Whole requests, each sent once. */
  readonly requests: readonly Buffer[];
  /** Of which each waits for its response before it sends again. */
  readonly connections: number;
  readonly expects: (status: number) => boolean;
}

export interface Slice {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
}

/**
 * Sends all requests over connections that are kept alive, as fast as the server answers (a closed
 * loop). Connecting is not measured.
 *
 * @throws Error for an unexpected status or a closed connection: such a run has no figures.
 */
export async function driveLoad(load: Load): Promise<Slice> {
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, () => openSocket(load.port)),
  );
  const durations = new Float64Array(load.requests.length);
  const queue = load.requests.entries();
  const began = performance.now();
  try {
    await Promise.all(sockets.map((socket) => drain(socket, queue, load.expects, durations)));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const elapsed = performance.now() - began;
  durations.sort();
  return {
    requestsPerSecond: (durations.length * 1_000) / elapsed,
    p50Milliseconds: durations[Math.floor(durations.length * 0.5)] ?? NaN,
    p99Milliseconds: durations[Math.floor(durations.length * 0.99)] ?? NaN,
  };
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Takes requests off the common queue until it is empty. */
function drain(
  socket: Socket,
  queue: IterableIterator<[number, Buffer]>,
  expects: Load['expects'],
  durations: Float64Array,
): Promise<void> {
  const reader = new ResponseReader();
  return new Promise((resolve, reject) => {
    let current = 0;
    let sentAt = 0;
    const sendNext = () => {
      const next = queue.next();
      if (next.done === true) {
        resolve();
        return;
      }
      const [index, request] = next.value;
      current = index;
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('data', (chunk) => {
      const status = reader.push(chunk);
      if (status === undefined) return;
      durations[current] = performance.now() - sentAt;
      if (expects(status)) sendNext();
      else reject(new Error(`Unexpected status ${String(status)}: ${chunk.toString('latin1')}`));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('The server closed the connection.'));
    });
    sendNext();
  });
}
