import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own that answers each message with one, and ends with its parent. */
export class AskedProcess {
  readonly #name: string;
  readonly #child: ChildProcess;

  /** @param name Of a program of this folder. */
  constructor(name: string) {
    const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
    this.#name = name;
    this.#child = fork(file, { env: { ...process.env, NODE_ENV: 'production' } });
  }

  /** One question at a time. @throws Error when it ends instead. */
  async ask(question: object): Promise<unknown> {
    const answer = this.#nextAnswer();
    this.#child.send(question);
    return answer;
  }

  /** Resolves when it has ended, by itself or by a signal too. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    // One that is ending has left already.
    if (this.#child.connected) this.#child.disconnect();
    await ended;
  }

  #nextAnswer(): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: NodeJS.Signals | null) => {
        reject(new Error(`${this.#name} ended with ${String(code ?? signal)}.`));
      };
      child.once('exit', onExit);
      child.once('message', (answer) => {
        child.off('exit', onExit);
        resolve(answer);
      });
    });
  }
}
