import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between the stores and their server, that can be told to fail. */
export interface Proxy {
  /** Of the server, through it. */
  readonly url: string;
  /** Each answer takes so much longer, in milliseconds. */
  delayMs: number;
  /** Nothing that is connected now is heard of again, nor told that it is over, whatever it says. */
  readonly fallSilent: () => void;
  /** Everything that is connected now is over. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/**
 * @param url Of a server on TCP.
 * @param connect Of `node:net`: only specs may make connections.
 */
export async function proxyTo(
  url: string,
  connect: (port: number, host: string) => Socket,
): Promise<Proxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  const pass = (from: Socket, to: Socket, delayMs: () => number) => {
    sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('end', () => {
      if (!silent.has(from)) to.end();
    });
    from.on('close', () => {
      sockets.delete(from);
      if (!silent.has(from)) to.destroy();
    });
    from.on('data', (octets) => {
      setTimeout(() => {
        if (!silent.has(from)) to.write(octets);
      }, delayMs());
    });
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const through = connect(port === '' ? 5432 : Number(port), hostname);
    pass(client, through, () => 0);
    pass(through, client, () => proxy.delayMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  const proxy: Proxy = {
    url: own.href,
    delayMs: 0,
    fallSilent: () => {
      for (const socket of sockets) silent.add(socket);
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
