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

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }

  #nextAnswer(): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => {
        reject(new Error(`${this.#name} ended with ${String(code)}.`));
      };
      child.once('exit', onExit);
      child.once('message', (answer) => {
        child.off('exit', onExit);
        resolve(answer);
      });
    });
  }
}
