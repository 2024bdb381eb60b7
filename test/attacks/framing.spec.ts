import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { accessToken, hash, jwkBoundToken, signedRequest } from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';

const token = await accessToken();

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());
afterEach(async () => {
  expect((await server.send({ headers: await underDpop(token) })).status).toBe(200);
});

/** Sends octets, ends its half of the connection unless told otherwise, and reads what comes. */
function exchange(octets: string, half: 'ends' | 'stays open' = 'ends'): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write(octets, 'latin1');
      if (half === 'ends') socket.end();
    });
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('end', () => socket.end());
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

function statuses(answer: string): readonly number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 ([0-9]{3})/gm)].map(([, status]) => Number(status));
}

const head = 'Host: api.example.com\r\n';

describe('Broken framing', () => {
  const requests: readonly (readonly [string, string])[] = [
    [
      'two lengths',
      `POST /orders HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`,
    ],
    [
      'a length and chunks',
      `POST /orders HTTP/1.1\r\n${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a negative length', `POST /orders HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`],
    ['a bad chunk', `POST /orders HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a folded field', `GET /orders HTTP/1.1\r\n${head}Authorization: DPoP\r\n ${token}\r\n\r\n`],
    ['a bare CR', `GET /orders HTTP/1.1\r\n${head}DPoP: a\rb\r\n\r\n`],
    ['a NUL', `GET /orders HTTP/1.1\r\n${head}DPoP: a\0b\r\n\r\n`],
    [
      'a blank before the colon',
      `GET /orders HTTP/1.1\r\n${head}Authorization : DPoP ${token}\r\n\r\n`,
    ],
    ['no Host', 'GET /orders HTTP/1.1\r\n\r\n'],
    ['a method that is none', `G@T /orders HTTP/1.1\r\n${head}\r\n`],
  ];

  it.each(requests)('THR-37 INV-1 is refused with 400: %s', async (_name, octets) => {
    const [first, ...others] = statuses(await exchange(octets));
    expect(first).toBeGreaterThanOrEqual(400);
    expect(first).toBeLessThan(500);
    expect(others.filter((status) => status < 400 || status >= 500)).toEqual([]);
  });
});

describe('Content that ends too early', () => {
  const framings: readonly (readonly [string, string])[] = [
    ['by its length', 'Content-Length: 100\r\n\r\nonly this'],
    ['by its chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nonly\r\n'],
  ];

  it.each(framings)('INV-1 THR-37 is never taken for the whole: cut %s', async (_name, rest) => {
    const before = server.store.claims;
    for (const body of ['only this', 'only', '']) {
      const request = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash(body) });
      const answer = await exchange(
        `POST /orders HTTP/1.1\r\n${head}Authorization: PoP ${request}\r\n${rest}`,
      );
      for (const status of statuses(answer)) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
    }
    expect(server.store.claims).toBe(before);
  });

  it.each([['Content-Length: 00\r\n\r\n'], ['Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n']])(
    'SHR-12 is whole where there is none: %j',
    async (rest) => {
      const request = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash('') });
      const answer = await exchange(
        `POST /orders HTTP/1.1\r\n${head}Connection: close\r\nAuthorization: PoP ${request}\r\n${rest}`,
        'stays open',
      );
      expect(statuses(answer)).toEqual([200]);
    },
  );
});
