import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface DrainOptions {
  /** How long new connections are still taken, in milliseconds: until who sends them has noticed. */
  readonly acceptMs: number;
  /** When what is still under way is cut, in milliseconds from the last new connection. */
  readonly withinMs: number;
  /**
   * How long connections that wait for their next request are left alone, in milliseconds: who sends
   * one meanwhile is answered, and told that the connection ends.
   */
  readonly idleMs: number;
}

/** More than a server lets wait for it, where it does not ask for more. */
const mostWaiting = 1_024;

/** Ends a server without cutting what is under way. THR-71. */
export class ServerDrain {
  /** Every connection, with the answers that are under way on it. */
  readonly #connections = new Map<Socket, Set<ServerResponse>>();
  #accepted = 0;
  #drained: Promise<void> | undefined;
  #patienceIsOver = false;

  /** @param server That nobody has connected to yet. */
  constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.#accepted += 1;
      this.#connections.set(socket, new Set());
      socket.once('close', () => this.#connections.delete(socket));
    });
    server.prependListener('request', ({ socket }, response) => {
      this.#connections.get(socket)?.add(response);
      response.once('close', () => {
        this.#connections.get(socket)?.delete(response);
        if (this.#patienceIsOver) this.#endIfIdle(socket);
      });
      if (this.isDraining) announceEnd(response);
    });
  }

  /** Whether the end has begun: new connections are refused now, or soon. */
  get isDraining(): boolean {
    return this.#drained !== undefined;
  }

  /** Stops accepting, and resolves once every connection has ended. Asked again, it tells of the first. */
  drain(options: DrainOptions): Promise<void> {
    return (this.#drained ??= this.#drain(options));
  }

  async #drain({ acceptMs, withinMs, idleMs }: DrainOptions): Promise<void> {
    for (const responses of this.#connections.values()) responses.forEach(announceEnd);
    if (acceptMs > 0) await new Promise((resolve) => setTimeout(resolve, acceptMs));
    await this.#acceptWhoWaits();
    const timers = [
      setTimeout(() => {
        this.#endIdle();
      }, idleMs),
      setTimeout(() => {
        for (const socket of this.#connections.keys()) socket.destroy();
      }, withinMs),
    ];
    await this.#stopAccepting();
    timers.forEach(clearTimeout);
  }

  /**
   * Who waits to be accepted believes to be connected, has sent a request, and would lose it if the server
   * stopped listening now. Node accepts one of them in each turn of its loop.
   */
  async #acceptWhoWaits(): Promise<void> {
    let quietTurns = 0;
    for (let turn = 0; turn < mostWaiting && quietTurns < 2; turn += 1) {
      const before = this.#accepted;
      await nextTurn();
      quietTurns = this.#accepted === before ? quietTurns + 1 : 0;
    }
  }

  /** @returns When the last connection has ended. */
  #stopAccepting(): Promise<void> {
    return new Promise((resolve) => {
      // HTTP's own way would cut idle connections now, while the next request may be on its way.
      NetServer.prototype.close.call(this.server, () => {
        resolve();
      });
    });
  }

  #endIdle(): void {
    this.#patienceIsOver = true;
    for (const socket of this.#connections.keys()) this.#endIfIdle(socket);
  }

  #endIfIdle(socket: Socket): void {
    if (this.#connections.get(socket)?.size === 0) socket.destroySoon();
  }
}

/** Who was told already that the connection stays learns of its end when it ends. */
function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
