import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../../sample-app/src/demo/free-port.js';
import { ownDirectory, removeDirectory } from './own-directory.js';
import { OwnProcess } from './own-process.js';
import { programNamed } from './server-programs.js';
import { unprivilegedAccount } from './unprivileged-account.js';

const account = unprivilegedAccount();

// What is committed survives the end of the server, as it must. Only a power cut could undo it.
const forSpeed = { fsync: 'off', full_page_writes: 'off' };

/** A PostgreSQL cluster of the test's own. */
export class PostgresServer {
  #process: OwnProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** @param settings Of the server, such as `max_connections`. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort(), await ownDirectory(account), settings);
    const encoding = ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
    const whom = ['--username=postgres', '--auth=trust'];
    const initdb = server.#spawn('initdb', [`--pgdata=${server.#data}`, ...encoding, ...whom]);
    const { code } = await initdb.ended;
    if (code !== 0) throw new Error(`initdb failed: ${initdb.output}`);
    await server.start();
    return server;
  }

  /** @returns The address of a new and empty database. */
  async newDatabase(): Promise<string> {
    const name = `fault_${crypto.randomUUID().replaceAll('-', '')}`;
    const client = new pg.Client(this.url);
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return this.url.replace(/[^/]+$/, name);
  }

  get url(): string {
    return this.urlAt(this.port);
  }

  /** The same database, by way of another port of this machine. */
  urlAt(port: number): string {
    return `postgres://postgres@127.0.0.1:${String(port)}/postgres`;
  }

  /** Where it was before, with what it had committed. */
  async start(): Promise<void> {
    const settings = {
      ...forSpeed,
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      ...this.settings,
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.#process = this.#spawn('postgres', ['-D', this.#data, ...options]);
    await this.#process.says(/ready to accept connections/);
  }

  /** `immediate` leaves every transaction where it stands; `fast` rolls them back first. */
  async stop(mode: 'immediate' | 'fast' = 'immediate'): Promise<void> {
    await this.#process?.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  async close(): Promise<void> {
    await this.stop();
    await removeDirectory(this.directory);
  }

  get #data(): string {
    return join(this.directory, 'data');
  }

  #spawn(name: string, args: readonly string[]): OwnProcess {
    const options = { cwd: this.directory, env: { LC_ALL: 'C' }, account };
    return new OwnProcess(programNamed(name) ?? name, args, options);
  }
}
