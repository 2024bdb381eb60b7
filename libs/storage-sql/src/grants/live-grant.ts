import type { Expression } from 'kysely';
import type { Db } from '../database/database.js';

/** The grant of that name, if it lives: it was neither revoked, nor has it ended. For `exists`. */
export function liveGrant(db: Db, id: Expression<string | null>, now: Expression<number>) {
  return db
    .selectFrom('keybound_grant as live')
    .select('live.id')
    .where('live.id', '=', id)
    .where('live.ends_at', '>', now)
    .where('live.revoked', '=', 0);
}
