import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../support/free-port.js';
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

  /**
   * A standby with what is committed by now. It hears of nothing that comes later, as one that lags; to be
   * started at the place of this one when that is gone.
   */
  async standby(): Promise<PostgresServer> {
    const standby = new PostgresServer(this.port, await ownDirectory(account), {
      ...this.settings,
      primary_conninfo: '',
    });
    const whole = ['--checkpoint=fast', '--write-recovery-conf', '--no-sync'];
    const backup = standby.#spawn('pg_basebackup', [
      `--pgdata=${standby.#data}`,
      `--dbname=${this.url}`,
      ...whole,
    ]);
    const { code } = await backup.ended;
    if (code !== 0) throw new Error(`pg_basebackup failed: ${backup.output}`);
    return standby;
  }

  /** What somebody asks of it. */
  async query(text: string): Promise<readonly unknown[]> {
    const client = new pg.Client(this.url);
    await client.connect();
    try {
      return (await client.query<object>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** @returns The address of a new and empty database. */
  async newDatabase(): Promise<string> {
    const name = `fault_${crypto.randomUUID().replaceAll('-', '')}`;
    await this.query(`create database ${name}`);
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
    await this.#process.says(/ready to accept (read.only )?connections/);
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
