import type { SessionRecord, SessionStore } from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { sql } from 'kysely';
import type { Database, Db } from './database/database.js';
import { isPossibleName } from './database/possible-name.js';
import { statement, type Named } from './database/statement.js';
import type { SessionTable } from './database/tables.js';

const columns = ['body', 'client_ids', 'last_seen_at'] as const;
type SessionRow = Pick<SessionTable, (typeof columns)[number]>;

const insert = statement((db, row: Named<SessionTable>) =>
  db.insertInto('keybound_session').values(row),
);

const select = statement(
  (db, { hash, seenAfter, now }: Named<{ hash: string; seenAfter: number; now: Seconds }>) =>
    db
      .selectFrom('keybound_session')
      .select(columns)
      .where('hash', '=', hash)
      .where('ends_at', '>', now)
      .where('last_seen_at', '>', seenAfter),
);

const selectClients = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_session')
    .select('client_ids')
    .where('hash', '=', hash)
    .where('ends_at', '>', now),
);

interface Sighting {
  readonly hash: string;
  /** As they were read. */
  readonly before: string;
  readonly after: string;
  readonly now: Seconds;
}

const noteSighting = statement((db, { hash, before, after, now }: Named<Sighting>) =>
  db
    .updateTable('keybound_session')
    .set({
      client_ids: after,
      last_seen_at: sql<number>`case when last_seen_at < ${now} then ${now} else last_seen_at end`,
    })
    .where('hash', '=', hash)
    .where('client_ids', '=', before),
);

/** A {@link SessionStore} in a database. */
export class SqlSessionStore implements SessionStore {
  readonly sharing: 'process' | 'shared';
  readonly #database: Database;
  readonly #db: Db;

  constructor(database: Database) {
    this.sharing = database.sharing;
    this.#database = database;
    this.#db = database.db;
  }

  async start(session: SessionRecord, replacing: string | undefined): Promise<void> {
    const row = rowOf(session);
    if (replacing === undefined || !isPossibleName(replacing)) {
      await insert.run(this.#db, row);
      return;
    }
    await this.#database.transaction(async (db) => {
      await db.deleteFrom('keybound_session').where('hash', '=', replacing).execute();
      await insert.run(db, row);
    });
  }

  async find(hash: string, idleSeconds: number, now: Seconds): Promise<SessionRecord | undefined> {
    if (!isPossibleName(hash)) return undefined;
    const row = await select.first(this.#db, { hash, seenAfter: now - idleSeconds, now });
    return row === undefined ? undefined : recordOf(row);
  }

  async touch(hash: string, clientId: string, now: Seconds): Promise<void> {
    if (!isPossibleName(hash)) return;
    // Until nobody noted another client in between: each time, somebody got further.
    for (;;) {
      const row = await selectClients.first(this.#db, { hash, now });
      if (row === undefined) return;
      const { client_ids: before } = row;
      const clientIds = new Set(JSON.parse(before) as readonly string[]).add(clientId);
      const after = JSON.stringify([...clientIds]);
      if (await noteSighting.changes(this.#db, { hash, before, after, now })) return;
    }
  }

  async end(hash: string): Promise<SessionRecord | undefined> {
    if (!isPossibleName(hash)) return undefined;
    const row = await this.#db
      .deleteFrom('keybound_session')
      .where('hash', '=', hash)
      .returning(columns)
      .executeTakeFirst();
    return row === undefined ? undefined : recordOf(row);
  }
}

function rowOf(session: SessionRecord): SessionTable {
  const { clientIds, lastSeenAt, ...body } = session;
  return {
    hash: session.hash,
    body: JSON.stringify(body),
    client_ids: JSON.stringify(clientIds),
    last_seen_at: lastSeenAt,
    ends_at: session.expiresAt,
  };
}

function recordOf({ body, client_ids: clientIds, last_seen_at: lastSeenAt }: SessionRow) {
  return {
    ...(JSON.parse(body) as Omit<SessionRecord, 'clientIds' | 'lastSeenAt'>),
    clientIds: JSON.parse(clientIds) as readonly string[],
    lastSeenAt: seconds(lastSeenAt),
  } satisfies SessionRecord;
}
