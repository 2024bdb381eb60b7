import { systemClock } from '@keybound/core';
import { createClient } from 'redis';
import { freePort } from '../../support/free-port.js';
import { ownDirectory, removeDirectory } from './own-directory.js';
import { OwnProcess } from './own-process.js';
import { programNamed } from './server-programs.js';

const day = 86_400;

/** A Redis of the test's own, which keeps nothing on disk: started again, it is empty. */
export class RedisServer {
  #process: OwnProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly options: readonly string[],
  ) {}

  /** @param options Of its command line, beside where it listens. */
  static async start(options: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await ownDirectory(), options);
    await server.start();
    return server;
  }

  /** See `age`. */
  static async startAged(): Promise<RedisServer> {
    const server = await RedisServer.start();
    await server.age();
    return server;
  }

  /**
   * Empties it, and makes it say that it has remembered what was used for a day. A new one refuses
   * fresh proofs until its memory is older than they could be (THR-68), which takes half a minute.
   */
  async age(): Promise<void> {
    await this.command('FLUSHALL');
    const run = /run_id:(\w+)/.exec(String(await this.command('INFO', 'server')))?.[1] ?? '';
    await this.command('SET', '{keybound}:since', `${String(systemClock.now() - day)} ${run}`);
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  /** Where it was before. */
  async start(): Promise<void> {
    const keepNothing = ['--save', '', '--appendonly', 'no'];
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory];
    const program = programNamed('redis-server') ?? 'redis-server';
    this.#process = new OwnProcess(program, [...where, ...keepNothing, ...this.options]);
    await this.#process.says(/Ready to accept connections/);
  }

  /** Stops it, as its operator would or as a power cut does. */
  async stop(by: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    await this.#process?.end(by);
  }

  /** Connections stay open, and nothing is answered. */
  pause(): void {
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  /** What its operator asks of it. */
  async command(...words: readonly string[]): Promise<unknown> {
    const client = await createClient({ url: this.url }).connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    await removeDirectory(this.directory);
  }
}
