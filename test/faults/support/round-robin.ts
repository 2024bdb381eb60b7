import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as elapsed } from 'node:timers/promises';
import { statusOf } from './app-process.js';

/** Fields that concern one connection only. RFC 9110 §7.6.1. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

const watchEveryMs = 50;

/**
 * What stands before several instances: each request goes to the next of them, on a connection of its
 * own. One that takes no connections, or says that it is not ready where that is watched, is passed over;
 * nothing that may have been heard is sent twice.
 */
export class RoundRobin {
  /** Ports of who was asked, in order. */
  readonly served: number[] = [];
  #ports: readonly number[] = [];
  #next = 0;
  #unready: readonly number[] = [];
  readonly #closed = new AbortController();

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {
    server.on('request', (asked, answer) => {
      void this.#pass(asked, answer);
    });
  }

  static async start(): Promise<RoundRobin> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new RoundRobin(server, `http://127.0.0.1:${String(port)}`);
  }

  /** From now on, these take turns, the first of them first. */
  use(ports: readonly number[]): void {
    this.#ports = ports;
    this.#next = 0;
  }

  /** Asks each of them again and again whether it is ready, as balancers do, until it is closed. */
  async watchReadiness(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const asked = this.#ports;
      const statuses = await Promise.all(
        asked.map((port) => statusOf(`http://127.0.0.1:${String(port)}/readyz`)),
      );
      this.#unready = asked.filter((_port, index) => statuses[index] === 503);
      await elapsed(watchEveryMs);
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const backend = await this.#connected();
    if (backend === undefined) {
      answer.writeHead(502).end('no backend');
      return;
    }
    const { method, url, headers } = asked;
    const onward = request({
      method,
      path: url,
      headers: { ...endToEnd(headers), connection: 'close' },
      createConnection: () => backend,
    });
    onward.on('response', (told) => {
      answer.writeHead(told.statusCode ?? 502, endToEnd(told.headersDistinct));
      told.pipe(answer);
      // The answer broke off: whoever asked must not take it for a whole one.
      told.on('error', () => answer.destroy());
    });
    onward.on('error', () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end('lost');
    });
    asked.pipe(onward);
  }

  /** A connection to whose turn it is, or to the next that takes one. */
  async #connected(): Promise<Socket | undefined> {
    const turn = this.#next;
    this.#next += 1;
    const ports = this.#ports.filter((port) => !this.#unready.includes(port));
    for (let step = 0; step < ports.length; step += 1) {
      const port = ports[(turn + step) % ports.length] ?? 0;
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
      } catch {
        continue;
      }
      this.served.push(port);
      return socket;
    }
    return undefined;
  }
}

function endToEnd<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}
