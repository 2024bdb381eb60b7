import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inMemoryStores, signingKeysFrom } from '@keybound/authorization-server';
import { issuerKey, signerFor } from '@keybound/testing';
import type { INestApplication } from '@nestjs/common';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { createApp } from '../create-app.js';
import { listen } from '../http/listen.js';
import { readSettings } from '../settings/read-settings.js';
import { AppDrain } from './app-drain.js';

const audit = { record: () => undefined };
const patient = { acceptMs: 0, idleMs: 60_000 };

describe.each(['express', 'fastify'])('the end of the app, on %s', (adapter) => {
  let app: INestApplication;
  let address: string;
  let agent: Agent;
  let closed: boolean;
  /** Lets the client store answer. */
  let answer: () => void;
  let isAsked: Promise<void>;

  beforeEach(async () => {
    closed = false;
    const stores = inMemoryStores();
    const answered = new Promise<void>((resolve) => (answer = resolve));
    isAsked = new Promise((resolve) => {
      stores.clients.find = async () => {
        resolve();
        await answered;
        if (closed) throw new Error('The store is closed already.');
        return undefined;
      };
    });
    const close = async () => {
      closed = true;
    };
    const settings = readSettings({ HTTP_ADAPTER: adapter });
    const keys = await signingKeysFrom([await signerFor(issuerKey)]);
    app = await createApp(settings, { audit, stores, keys, close });
    await listen(app, 0, '127.0.0.1');
    address = await app.getUrl();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(async () => {
    answer();
    agent.destroy();
    await app.close();
  });

  function ask(path: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      get(address + path, { agent }, (message) => {
        resolve(read(message));
      }).on('error', reject);
    });
  }

  async function theEndBegins(): Promise<void> {
    while ((app.getHttpServer() as Server).listening) await new Promise(setImmediate);
  }

  it('THR-71 answers what it has begun before it closes its stores', async () => {
    const asked = ask('/authorize?client_id=web');
    await isAsked;
    const ended = app.close();
    await theEndBegins();
    expect(closed).toBe(false);
    answer();
    expect(await asked).toMatchObject({ status: 400, connection: 'close' });
    await ended;
    expect(closed).toBe(true);
  });

  it('THR-71 THR-66 says that it is not ready from then on, and goes on answering', async () => {
    expect(await ask('/healthz')).toMatchObject({ status: 200, connection: 'keep-alive' });
    const drained = app.get(AppDrain).drain(patient);
    expect(await ask('/readyz')).toEqual({
      status: 503,
      connection: 'close',
      body: '{"error":"temporarily_unavailable"}',
    });
    await drained;
    expect(closed).toBe(false);
  });

  it('THR-71 goes on with what is asked on connections that stay a little', async () => {
    await ask('/healthz');
    const drained = app.get(AppDrain).drain(patient);
    expect(await ask('/api/whoami')).toMatchObject({ status: 401, connection: 'close' });
    await drained;
  });

  it('THR-71 accepts nobody while it ends', async () => {
    const asked = ask('/authorize?client_id=web');
    await isAsked;
    const ended = app.close();
    await theEndBegins();
    await expect(fetch(`${address}/healthz`)).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
    answer();
    await asked;
    await ended;
  });

  it('THR-71 ends once, whoever asks for it again', async () => {
    await Promise.all([app.close(), app.close()]);
    expect(closed).toBe(true);
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

async function read(message: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of message.setEncoding('utf8')) body += String(chunk);
  return { status: message.statusCode, connection: message.headers.connection, body };
}
