import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ServerDrain } from './server-drain.js';

const patient = { acceptMs: 0, withinMs: 60_000, idleMs: 60_000 };
const brief = { acceptMs: 0, withinMs: 60_000, idleMs: 0 };

describe('ServerDrain', () => {
  let server: Server;
  let drain: ServerDrain;
  let agent: Agent;
  let port: number;
  /** Lets the answer to `/slow` end. */
  let finish: () => void;
  let isBegun: Promise<void>;

  beforeEach(async () => {
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let begun: () => void;
    isBegun = new Promise<void>((resolve) => (begun = resolve));
    server = createServer((message, response) => {
      void (async () => {
        if (message.url === '/streamed') response.write('first, ');
        begun();
        if (message.url !== '/quick') await finished;
        response.end('done');
      })();
    });
    drain = new ServerDrain(server);
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function eventuallyDeaf(): Promise<void> {
    while (server.listening) await new Promise(setImmediate);
  }

  function ask(path: string, by = agent): Promise<Answer> {
    const options = { host: '127.0.0.1', port, path, agent: by };
    return new Promise((resolve, reject) => {
      request(options, (answer) => {
        resolve(read(answer));
      })
        .on('error', reject)
        .end();
    });
  }

  async function open(text = ''): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
    return socket;
  }

  it('THR-71 lets an answer that is under way end, and tells that its connection does too', async () => {
    const answer = ask('/slow');
    await isBegun;
    const drained = drain.drain(brief);
    finish();
    expect(await answer).toEqual({ text: 'done', connection: 'close' });
    await drained;
  });

  it('THR-71 lets an answer end that had promised to keep the connection', async () => {
    const answer = ask('/streamed');
    await isBegun;
    const drained = drain.drain(brief);
    finish();
    expect(await answer).toEqual({ text: 'first, done', connection: 'keep-alive' });
    await drained;
  });

  it('THR-71 accepts nobody from then on, while the rest is under way', async () => {
    const answer = ask('/slow');
    await isBegun;
    expect(drain.isDraining).toBe(false);
    const drained = drain.drain(patient);
    expect(drain.isDraining).toBe(true);
    await eventuallyDeaf();
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [unknown];
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    finish();
    await answer;
    await drained;
  });

  it('THR-71 answers everyone who had connected before, accepted or not', async () => {
    const asked = Array.from({ length: 20 }, () => ask('/quick', new Agent()));
    // Connected by the system, which the server has had no turn to notice.
    await new Promise((resolve) => {
      process.nextTick(resolve);
    });
    await drain.drain(brief);
    const answers = await Promise.all(asked);
    expect(answers).toEqual(asked.map(() => ({ text: 'done', connection: 'close' })));
  });

  it('THR-71 takes new connections while it is asked to, and tells that they end', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const drained = drain.drain({ ...brief, acceptMs: 5_000 });
      for (const elapsedMs of [0, 4_999]) {
        jest.advanceTimersByTime(elapsedMs);
        expect(await ask('/quick')).toEqual({ text: 'done', connection: 'close' });
      }
      jest.advanceTimersByTime(1);
      jest.useRealTimers();
      await drained;
      expect(server.listening).toBe(false);
    } finally {
      jest.useRealTimers();
    }
  });

  it('THR-71 answers who was on the way on a connection that is kept, and ends it then', async () => {
    expect(await ask('/quick')).toMatchObject({ connection: 'keep-alive' });
    const drained = drain.drain(patient);
    expect(await ask('/quick')).toEqual({ text: 'done', connection: 'close' });
    await drained;
  });

  it('THR-71 waits for nobody who keeps a connection and sends nothing', async () => {
    await ask('/quick');
    const silent = await open();
    const ended = once(silent.resume(), 'close');
    await drain.drain(brief);
    await ended;
  });

  it('THR-71 waits for nobody whose request does not arrive, once its time is over', async () => {
    const hung = await open('POST /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{');
    await isBegun;
    const ended = once(hung.resume(), 'close');
    await drain.drain({ acceptMs: 0, withinMs: 0, idleMs: 0 });
    await ended;
  });

  it('THR-71 ends a server once, however often it is asked', async () => {
    const drained = drain.drain(brief);
    expect(drain.drain(patient)).toBe(drained);
    await drained;
  });

  it('THR-71 ends a server that never listened', async () => {
    await new ServerDrain(createServer()).drain(patient);
  });
});

interface Answer {
  readonly text: string;
  readonly connection: string | undefined;
}

async function read(message: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
  return { text, connection: message.headers.connection };
}
