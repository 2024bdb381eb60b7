import type { StorePlace } from '../stores/store-place.js';
import type { Bulk } from './bulk.js';
import { PostgresBulk } from './postgres-bulk.js';
import { SqliteBulk } from './sqlite-bulk.js';

/** To the database of a place, whose tables are there already. @throws Error where there is none. */
export async function openBulk({ sqlite, postgres }: StorePlace): Promise<Bulk> {
  if (sqlite !== undefined) return new SqliteBulk(sqlite.file);
  if (postgres !== undefined) return PostgresBulk.open(postgres.url, postgres.schema);
  throw new Error('Only databases are filled.');
}
