import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program of this folder in a process of its own, and takes the one message that it sends.
 *
 * @throws Error when it ends without a message.
 */
export function askChild(
  name: string,
  parameters: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<unknown> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(file, parameters, { execArgv: [...nodeOptions] });
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`${name} ended with ${String(code)} and said nothing.`));
    });
  });
}
