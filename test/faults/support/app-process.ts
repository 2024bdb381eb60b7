import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.js';
import { OwnProcess, type Ending } from './own-process.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const loader = './test/faults/support/source-loader.js';
const nodeOptions = ['--no-warnings', '--conditions=@keybound/source', '--import', loader];

export interface AppProcessOptions {
  /** Where clients reach it; itself where absent. */
  readonly issuer?: string;
  /** Any free port where absent. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The sample app in a process of its own: what `npm start` starts, from the sources. */
export class AppProcess {
  private constructor(
    readonly port: number,
    readonly issuer: string,
    private readonly running: OwnProcess,
  ) {}

  /** Resolves once it says that it is ready. @throws Error with all that it wrote, where it ends. */
  static async start(options: AppProcessOptions = {}): Promise<AppProcess> {
    const app = await AppProcess.launch(options);
    await app.running.until(() => app.isReady(), 'it is ready');
    return app;
  }

  /** Does not wait until it is ready. */
  static async launch(options: AppProcessOptions = {}): Promise<AppProcess> {
    const { port = await freePort(), environment = {} } = options;
    const { issuer = `http://127.0.0.1:${String(port)}` } = options;
    const env = { NODE_ENV: 'development', PORT: String(port), ISSUER: issuer, ...environment };
    const args = [...nodeOptions, 'sample-app/src/main.ts'];
    return new AppProcess(port, issuer, new OwnProcess(process.execPath, args, { cwd: root, env }));
  }

  /** By which it is reached past any balancer. */
  get address(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get output(): string {
    return this.running.output;
  }

  get ended(): Promise<Ending> {
    return this.running.ended;
  }

  signal(name: NodeJS.Signals): void {
    this.running.signal(name);
  }

  /** @returns How it ended. */
  end(by: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    return this.running.end(by);
  }

  async isReady(): Promise<boolean> {
    return (await statusOf(`${this.address}/readyz`)) === 200;
  }
}

/** @returns Undefined where nothing answers. */
export async function statusOf(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { headers: { connection: 'close' } });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}
