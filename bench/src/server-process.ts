import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './scenario.js';
import type { ServerReport } from './serve.js';

/** A server in a process of its own, so that it does not share one with the load generator. */
export class ServerProcess {
  private constructor(
    readonly port: number,
    readonly child: ChildProcess,
  ) {}

  /** @param name Of a file in `servers`, which calls `serve`. */
  static async start(name: string, scenario: Scenario): Promise<ServerProcess> {
    const file = fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url));
    const child = fork(file, { env: { ...process.env, NODE_ENV: 'production' } });
    child.send(scenario);
    const { port } = await nextReport(child, name);
    return new ServerProcess(port, child);
  }

  /** Processor time of the whole process so far, all threads. */
  async cpuMicroseconds(): Promise<number> {
    this.child.send('report');
    return (await nextReport(this.child, 'server')).cpuMicroseconds;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}

function nextReport(child: ChildProcess, name: string): Promise<ServerReport> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      reject(new Error(`${name} ended with ${String(code)}.`));
    };
    child.once('exit', onExit);
    child.once('message', (report) => {
      child.off('exit', onExit);
      resolve(report as unknown as ServerReport);
    });
  });
}
