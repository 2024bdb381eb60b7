import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { CompiledQuery } from 'kysely';
import type { PostgresConnection } from './postgres-connection.js';

const question = CompiledQuery.raw(`select pg_is_in_recovery() as replica,
  current_setting('server_encoding') as encoding,
  (select timeline_id from pg_control_checkpoint()) as timeline`);

interface ServerFacts {
  readonly replica: boolean;
  readonly encoding: string;
  readonly timeline: number;
}

/**
 * Whether a server can be used; asked on each new connection, since behind one name there may be
 * another server now.
 *
 * @returns Its timeline, which is another after a replica took the place of the primary. It may have
 *   been behind: what was answered last may be lost.
 * @throws StoreUnavailableError for a replica (THR-69), and for another encoding than UTF-8. Its cause is
 *   a ConfigurationError that says what to change.
 */
export async function inspectServer(connection: PostgresConnection): Promise<number> {
  const { rows } = await connection.executeQuery<ServerFacts>(question);
  const [facts] = rows;
  if (facts === undefined) throw new StoreUnavailableError('The database says nothing of itself.');
  if (facts.replica) throw unusable('the server is a replica; name the primary');
  if (facts.encoding !== 'UTF8') {
    throw unusable(`the encoding of the database is ${facts.encoding}; it must be UTF8`);
  }
  return facts.timeline;
}

function unusable(why: string): StoreUnavailableError {
  const cause = new ConfigurationError(`openPostgres: ${why}.`);
  return new StoreUnavailableError('The database cannot be used now.', { cause });
}
