import { AskedProcess } from './asked-process.js';
import type { ServerReport, ServerTask } from './serve.js';

/** A server in a process of its own, so that it does not share one with the load generator. */
export class ServerProcess {
  private constructor(
    readonly port: number,
    readonly process: AskedProcess,
  ) {}

  /** @param name Of a file in `servers`, which calls `serve`. */
  static async start(name: string, task: ServerTask): Promise<ServerProcess> {
    const process = new AskedProcess(`servers/${name}`);
    const { port } = (await process.ask(task)) as ServerReport;
    return new ServerProcess(port, process);
  }

  /** Processor time of the whole process so far, all threads. */
  async cpuMicroseconds(): Promise<number> {
    return ((await this.process.ask({})) as ServerReport).cpuMicroseconds;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
