import { afterEach, describe, expect, it } from '@jest/globals';
import type { RequestContent } from '@keybound/core';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { captureAtServer, contentOf } from './index.js';

const text = (content: RequestContent) =>
  content.state === 'captured' ? Buffer.from(content.bytes).toString() : content.state;

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server whose handler reads everything, and only then asks for the content as it came. */
async function start(prepare: (server: Server) => void): Promise<string> {
  server = createServer((message, response) => {
    void (async () => {
      for await (const _chunk of message);
      response.end(text(await contentOf(message, 64)));
    })();
  });
  prepare(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

async function send(base: string, path: string, type: string, body = '{"a":1}'): Promise<string> {
  const headers = { 'content-type': type };
  return (await fetch(base + path, { method: 'POST', headers, body })).text();
}

describe('captureAtServer', () => {
  const wanted = ({ url }: IncomingMessage) => url === '/wanted';

  it('OPS-16 AS-275 keeps the content of those requests that are wanted, of any type', async () => {
    const base = await start((http) => {
      captureAtServer(http, 64, wanted);
    });
    expect(await send(base, '/wanted', 'application/json')).toBe('{"a":1}');
    expect(await send(base, '/wanted', 'text/plain', 'hello')).toBe('hello');
    expect(await send(base, '/wanted', 'application/x-www-form-urlencoded', 'a=1')).toBe('a=1');
  });

  it('OPS-16 AS-275 keeps nothing of the others, not even of forms', async () => {
    const base = await start((http) => {
      captureAtServer(http, 64, wanted);
    });
    expect(await send(base, '/other', 'application/json')).toBe('not-captured');
    expect(await send(base, '/other', 'application/x-www-form-urlencoded', 'a=1')).toBe(
      'not-captured',
    );
  });

  it('OPS-16 keeps forms where nothing is said of what is wanted', async () => {
    const base = await start((http) => {
      captureAtServer(http, 64);
    });
    expect(await send(base, '/', 'application/x-www-form-urlencoded', 'a=1')).toBe('a=1');
    expect(await send(base, '/', 'application/json')).toBe('not-captured');
  });

  it('OPS-16 AS-275 lets two captures stand beside each other, in either order', async () => {
    for (const turn of [0, 1]) {
      const base = await start((http) => {
        const captures = [
          () => {
            captureAtServer(http, 64);
          },
          () => {
            captureAtServer(http, 64, wanted);
          },
        ];
        for (const each of [turn, 1 - turn]) captures[each]?.();
      });
      expect(await send(base, '/wanted', 'application/json')).toBe('{"a":1}');
      expect(await send(base, '/', 'application/x-www-form-urlencoded', 'a=1')).toBe('a=1');
      expect(await send(base, '/wanted', 'application/x-www-form-urlencoded', 'a=1')).toBe('a=1');
      server.closeAllConnections();
      server.close();
    }
  });

  it('AS-274 keeps nothing beyond its limit', async () => {
    const base = await start((http) => {
      captureAtServer(http, 64, wanted);
    });
    expect(await send(base, '/wanted', 'text/plain', 'x'.repeat(64))).toHaveLength(64);
    expect(await send(base, '/wanted', 'text/plain', 'x'.repeat(65))).toBe('too-large');
  });
});
