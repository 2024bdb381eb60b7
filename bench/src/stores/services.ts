import pg from 'pg';
import { createClient } from 'redis';

/** A server that stores need, and that is there. */
export interface Service {
  readonly url: string;
  readonly version: string;
}

/** Undefined where nothing answers. */
export interface Services {
  readonly postgres: Service | undefined;
  readonly redis: Service | undefined;
}

/**
 * Asks at `DATABASE_URL` and `REDIS_URL`, or at the usual places on this machine.
 *
 * @throws Error where one does not answer and `REQUIRE_SERVICES=1`.
 */
export async function findServices(): Promise<Services> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  return {
    postgres: await unlessAway(
      'PostgreSQL',
      DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres',
      postgresVersion,
    ),
    redis: await unlessAway('Redis', REDIS_URL ?? 'redis://127.0.0.1:6379', redisVersion),
  };
}

async function unlessAway(
  name: string,
  url: string,
  versionAt: (url: string) => Promise<string>,
): Promise<Service | undefined> {
  try {
    return { url, version: await versionAt(url) };
  } catch (cause) {
    if (process.env['REQUIRE_SERVICES'] === '1') {
      throw new Error(`REQUIRE_SERVICES=1, and no ${name} answers.`, { cause });
    }
    console.error(`No ${name} answers: what needs it is left out.`);
    return undefined;
  }
}

async function postgresVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  return rows[0]?.server_version.split(' ')[0] ?? '';
}

async function redisVersion(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: 1_000, reconnectStrategy: false } });
  // The same error rejects `connect`.
  client.on('error', () => undefined);
  await client.connect();
  const about = await client.info('server');
  client.destroy();
  return /redis_version:(\S+)/.exec(about)?.[1] ?? '';
}
