import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { CompiledQuery } from 'kysely';
import type { PostgresConnection } from './postgres-connection.js';

// What is written now: the last checkpoint may be of the timeline before, for minutes.
const question = CompiledQuery.raw(`select current_setting('server_encoding') as encoding,
  current_setting('transaction_isolation') as isolation,
  case when not replica then pg_walfile_name(pg_current_wal_insert_lsn()) end as segment
  from (select pg_is_in_recovery() as replica) as role`);

interface ServerFacts {
  readonly encoding: string;
  readonly isolation: string;
  /** 24 hexadecimal digits, of which the first eight are the timeline. */
  readonly segment: string | null;
}

/**
 * Whether a server can be used; asked on each new connection, since behind one name there may be
 * another server now.
 *
 * @returns Its timeline, which is another after a replica took the place of the primary. It may have
 *   been behind: what was answered last may be lost.
 * @throws StoreUnavailableError for a replica (THR-69), for another encoding than UTF-8, and where
 *   statements are not READ COMMITTED. Its cause is a ConfigurationError that says what to change.
 */
export async function inspectServer(connection: PostgresConnection): Promise<number> {
  const { rows } = await connection.executeQuery<ServerFacts>(question);
  const [facts] = rows;
  if (facts === undefined) throw new StoreUnavailableError('The database says nothing of itself.');
  if (facts.segment === null) throw unusable('the server is a replica; name the primary');
  if (facts.encoding !== 'UTF8') {
    throw unusable(`the encoding of the database is ${facts.encoding}; it must be UTF8`);
  }
  if (facts.isolation !== 'read committed') {
    throw unusable(
      `default_transaction_isolation is ${facts.isolation}; it must be read committed for this account`,
    );
  }
  return Number.parseInt(facts.segment.slice(0, 8), 16);
}

function unusable(why: string): StoreUnavailableError {
  const cause = new ConfigurationError(`openPostgres: ${why}.`);
  return new StoreUnavailableError('The database cannot be used now.', { cause });
}
