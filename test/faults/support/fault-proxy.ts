import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../support/free-port.js';
import { ProxiedConnection, type Withheld } from './proxied-connection.js';

/**
 * What lies between an app and its store, and can break there.
 *
 * - `pass`: nothing is wrong.
 * - `refuse`: nobody listens, and open connections end.
 * - `reset`: every connection is reset as soon as it says something.
 * - `black-hole`: connections are taken and stay open; nothing passes. Later, all of it does.
 * - `half-open`: the same, but of these connections nothing passes ever again.
 * - `delay`: answers come late.
 */
export type ProxyMode =
  | { readonly kind: 'pass' | 'refuse' | 'reset' | 'black-hole' | 'half-open' }
  | { readonly kind: 'delay'; readonly milliseconds: number };

/** One thing that was said, which a test waits for. */
export interface Awaited {
  readonly what: 'question' | 'answer';
  /** @param said By the app, read as Latin-1: what is withheld, or the answer to it. */
  readonly matches: (said: string) => boolean;
  readonly found: (withheld: Withheld) => void;
}

/** What passes between an app and its store, or between a client and an app. THR-66. */
export class FaultProxy {
  readonly #connections = new Set<ProxiedConnection>();
  #server: Server | undefined;
  #mode: ProxyMode = { kind: 'pass' };
  #awaited: Awaited | undefined;

  private constructor(
    private readonly target: number,
    readonly port: number,
  ) {}

  /** @param target Port of this machine. */
  static async start(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, await freePort());
    await proxy.#listen();
    return proxy;
  }

  /** From now on, for open connections too. */
  async set(mode: ProxyMode): Promise<void> {
    const before = this.#mode;
    this.#mode = mode;
    if (mode.kind === 'refuse') await this.#stopListening();
    else if (before.kind === 'refuse') await this.#listen();
    for (const connection of this.#connections) connection.apply(mode);
  }

  /**
   * Holds back the next question that matches, or the answer to it, on whichever connection.
   *
   * @returns Once it was said. A question that is withheld was not heard; one whose answer is withheld
   *   was heard, and what it asked is done.
   */
  withhold(what: Awaited['what'], matches: Awaited['matches']): Promise<Withheld> {
    return new Promise((found) => {
      this.#awaited = { what, matches, found };
    });
  }

  /** Whether what `withhold` waits for was not said yet. */
  get isWaiting(): boolean {
    return this.#awaited !== undefined;
  }

  /** Waits for it no more. */
  stopWaiting(): void {
    this.#awaited = undefined;
  }

  async close(): Promise<void> {
    await this.#stopListening();
  }

  async #listen(): Promise<void> {
    const server = createServer((app) => {
      this.#take(app);
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const connection of this.#connections) connection.end();
    if (server === undefined) return;
    server.close();
    await once(server, 'close');
  }

  #take(app: Socket): void {
    const store = connect(this.target, '127.0.0.1');
    const connection = new ProxiedConnection(app, store, (said) => this.#whoAwaits(said));
    this.#connections.add(connection);
    app.once('close', () => this.#connections.delete(connection));
    connection.apply(this.#mode);
  }

  #whoAwaits(said: Buffer): Awaited | undefined {
    const awaited = this.#awaited;
    if (awaited?.matches(said.toString('latin1')) !== true) return undefined;
    this.#awaited = undefined;
    return awaited;
  }
}
