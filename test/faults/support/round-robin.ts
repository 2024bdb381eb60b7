import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** Fields that concern one connection only. RFC 9110 §7.6.1. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * What stands before several instances: each request goes to the next of them, on a connection of its
 * own. One that does not take connections is passed over; nothing that may have been heard is sent twice.
 */
export class RoundRobin {
  /** Ports of who was asked, in order. */
  readonly served: number[] = [];
  #ports: readonly number[] = [];
  #next = 0;

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

  async close(): Promise<void> {
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
    const ports = this.#ports;
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
