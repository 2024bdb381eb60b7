import pg from 'pg';
import type { PostgresConfiguration } from '../options.schema.js';

/** `bigint`, which the driver hands out as text: ours are seconds and small counts. */
const bigintOid = 20;

/**
 * The next one is inspected: behind a proxy that keeps connections, another server may have taken the
 * place of the one that was.
 */
const longestLifeSeconds = 60;

/** For statements that are a transaction of their own, whatever is usual for the account. */
const readCommitted = String.raw`-c default_transaction_isolation=read\ committed`;

export interface OpenPool {
  readonly pool: pg.Pool;
  /** When nothing is under way. Where the server does not take leave in time, without. */
  readonly end: () => Promise<void>;
}

/** Connections that give up in time, on either side. THR-66. */
export function openPool({
  url,
  schema,
  maxConnections,
  timeoutMs,
}: PostgresConfiguration): OpenPool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(bigintOid, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    // Of a process that stands still in the middle of one: others wait for what it holds.
    idle_in_transaction_session_timeout: 2 * timeoutMs,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: longestLifeSeconds,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'keybound',
    // Of the connection string, where it names any.
    options: [readCommitted, ...(schema === undefined ? [] : [`-c search_path=${schema}`])].join(
      ' ',
    ),
    types,
  });
  // A connection that breaks while nobody uses it: the pool has dropped it, and the next one is new.
  pool.on('error', () => undefined);
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', (client) => {
    clients.add(client);
    // One that breaks while somebody does: he is told by what he asked, and this would end the process.
    client.on('error', () => undefined);
  });
  pool.on('remove', (client) => clients.delete(client));
  return {
    pool,
    end: async () => {
      const deadline = setTimeout(() => {
        for (const { connection } of clients) connection.stream.destroy();
      }, timeoutMs);
      await pool.end();
      clearTimeout(deadline);
    },
  };
}
