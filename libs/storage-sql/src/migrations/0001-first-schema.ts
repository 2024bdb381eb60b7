import type { Db } from '../database/database.js';

/** All tables as they were at first. */
export async function firstSchema(db: Db): Promise<void> {
  const { schema } = db;
  const table = (name: string, key = 'hash') =>
    schema
      .createTable(`keybound_${name}`)
      .addColumn(key, 'text', (column) => column.primaryKey().notNull());
  const index = (name: string, ...columns: readonly string[]) =>
    schema
      .createIndex(`keybound_${name}_by_${columns.join('_')}`)
      .on(`keybound_${name}`)
      .columns([...columns])
      .execute();

  await table('pushed_request')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('pushed_request', 'ends_at');

  await table('interaction')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('pushed_request_hash', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('interaction', 'ends_at');

  await table('grant', 'id')
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('local_subject', 'text', (column) => column.notNull())
    .addColumn('offline', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked', 'bigint', (column) => column.notNull())
    .execute();
  await index('grant', 'ends_at');
  await index('grant', 'local_subject', 'id');
  await index('grant', 'client_id', 'id');

  await table('code')
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('failures', 'bigint', (column) => column.notNull())
    .addColumn('burnt', 'bigint', (column) => column.notNull())
    .addColumn('redeemed_at', 'bigint')
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('code', 'ends_at');

  await table('refresh_token')
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('parent_hash', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('binding', 'text')
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('replaced_at', 'bigint')
    .addColumn('passed_over_at', 'bigint')
    .addColumn('succeeded', 'bigint', (column) => column.notNull())
    .execute();
  await index('refresh_token', 'ends_at');
  await index('refresh_token', 'parent_hash');

  await table('access_token')
    .addColumn('jti', 'text', (column) => column.notNull())
    .addColumn('grant_id', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('access_token', 'ends_at');

  await table('revoked_token', 'jti')
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('revoked_token', 'ends_at');

  await schema
    .createTable('keybound_consent')
    .addColumn('local_subject', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('keybound_consent_key', ['local_subject', 'client_id'])
    .execute();
  await index('consent', 'client_id');

  await table('client', 'id')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint')
    .execute();
  await index('client', 'ends_at');

  await table('session')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('client_ids', 'text', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('session', 'ends_at');

  await table('count', 'name')
    .addColumn('attempts', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('count', 'ends_at');

  await table('spend', 'digest')
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await index('spend', 'ends_at');

  await table('replay_memory', 'name')
    .addColumn('forgotten_until', 'bigint', (column) => column.notNull())
    .addColumn('life', 'bigint')
    .addColumn('open_by', 'bigint', (column) => column.notNull())
    .addColumn('reaches_back_to', 'bigint', (column) => column.notNull())
    .execute();
  await db
    .insertInto('keybound_replay_memory')
    .values({ name: 'spends', forgotten_until: 0, life: null, open_by: 0, reaches_back_to: 0 })
    .execute();

  await table('key_ring', 'name')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .execute();
}
