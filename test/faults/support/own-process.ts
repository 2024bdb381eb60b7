import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { launchCommand } from './launch-command.js';
import type { Account } from './unprivileged-account.js';

const pauseMs = 25;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface OwnProcessOptions {
  readonly cwd?: string;
  /** Beside `PATH`; all of the test's where absent. */
  readonly env?: Readonly<Record<string, string>>;
  /** As whom it runs, where not as the test. */
  readonly account?: Account | undefined;
}

/** A program that a test started, and ends itself. It never outlives the test. */
export class OwnProcess {
  /** All that it wrote, to either stream. */
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ending>;
  #ending: Ending | undefined;

  constructor(
    private readonly program: string,
    args: readonly string[],
    { cwd, env, account }: OwnProcessOptions = {},
  ) {
    const [command, all] = launchCommand(program, args, account);
    this.#child = spawn(command, all, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
      env: env === undefined ? process.env : { PATH: process.env['PATH'], ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.#ended = this.#whenItEnds();
  }

  get isRunning(): boolean {
    return this.#ending === undefined;
  }

  /** Resolves when it ended, however that came. */
  get ended(): Promise<Ending> {
    return this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async end(by: NodeJS.Signals = 'SIGKILL'): Promise<Ending> {
    if (this.isRunning) this.signal(by);
    return this.#ended;
  }

  /** @throws Error with all that it wrote, where it ended first. */
  async says(words: RegExp): Promise<void> {
    await this.until(async () => words.test(this.output), `it says ${words.source}`);
  }

  /** Waits for as long as it runs. @throws Error with all that it wrote, where it ended first. */
  async until(condition: () => Promise<boolean>, what: string): Promise<void> {
    for (;;) {
      const isSo = await condition();
      if (!this.isRunning) break;
      if (isSo) return;
      await pause(pauseMs);
    }
    throw new Error(`${this.program} ended before ${what}: ${this.output}`);
  }

  async #whenItEnds(): Promise<Ending> {
    const failure = await Promise.race([
      once(this.#child, 'close').then(() => undefined),
      once(this.#child, 'error').then(([error]) => error as Error),
    ]).catch((error: unknown) => error as Error);
    if (failure !== undefined) this.output += String(failure);
    this.#ending = { code: this.#child.exitCode, signal: this.#child.signalCode };
    return this.#ending;
  }
}
