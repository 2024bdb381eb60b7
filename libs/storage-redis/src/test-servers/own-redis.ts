import { describe } from '@jest/globals';
import type { TestService } from '@keybound/testing';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';

const program = 'redis-server';

/**
 * A Redis that a test starts, breaks and ends. It keeps on disk what it is told to `SAVE`, and nothing
 * else.
 */
export class OwnRedis {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
  ) {}

  /** @param options Of its command line. */
  static async start(...options: readonly string[]): Promise<OwnRedis> {
    const directory = await mkdtemp(join(tmpdir(), 'keybound-redis-'));
    for (;;) {
      const server = new OwnRedis(somePort(), directory);
      if (await server.#listens(options)) return server;
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  /** Again, where it was. */
  async start(...options: readonly string[]): Promise<void> {
    if (await this.#listens(options)) return;
    throw new Error(`Port ${String(this.port)} was taken meanwhile.`);
  }

  /** Connections stay open and are accepted, and nothing is answered. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** At once, as a power cut does. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** What its operator asks of it. */
  async command(...words: readonly string[]): Promise<unknown> {
    const client = await createClient({ url: this.url }).connect();
    try {
      return await client.sendCommand([...words]);
    } finally {
      client.destroy();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @returns False where something else has its port. */
  async #listens(options: readonly string[]): Promise<boolean> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory];
    const child = spawn(program, [...place, '--save', '', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    return new Promise<boolean>((resolve, reject) => {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Ready to accept connections')) resolve(true);
      });
      child.once('error', reject);
      child.once('close', () => {
        if (output.includes('Address already in use')) resolve(false);
        else reject(new Error(`${program} ended: ${output}`));
      });
    });
  }
}

/**
 * In place of `describe`: what needs {@link OwnRedis}. Skipped, and said so, where it is not installed.
 *
 * @param isRequired Then it is not skipped, and fails.
 */
export function describeOwnRedis(
  redis: TestService,
  isRequired: boolean,
  name: string,
  define: () => void,
): void {
  const isInstalled = spawnSync(program, ['--version']).status === 0;
  if (isInstalled || isRequired) redis.describe(name, define);
  else describe.skip(`${name} (skipped: no ${program} installed)`, define);
}

/** One that no system gives away by itself: so the server can be started again where it was. */
function somePort(): number {
  const [chance = 0] = crypto.getRandomValues(new Uint16Array(1));
  return 10_000 + (chance % 10_000);
}
