import { connect, type Socket } from 'node:net';

/** A connection to a socket of this machine. What goes wrong is told by its `error` and `close`. */
export function connectToSocket(path: string): Socket {
  return connect({ path });
}
