import type { KeyRingRecord, KeyStore } from '@keybound/authorization-server';
import type { Database, Db } from './database/database.js';
import { isPossibleName } from './database/possible-name.js';

/** A {@link KeyStore} in a database. Each method is one statement. */
export class SqlKeyStore implements KeyStore {
  readonly sharing: 'process' | 'shared';
  readonly #db: Db;

  constructor({ sharing, db }: Database) {
    this.sharing = sharing;
    this.#db = db;
  }

  async find(name: string): Promise<KeyRingRecord | undefined> {
    if (!isPossibleName(name)) return undefined;
    return this.#db
      .selectFrom('keybound_key_ring')
      .select(['name', 'version', 'sealed'])
      .where('name', '=', name)
      .executeTakeFirst();
  }

  async replace({ name, version, sealed }: KeyRingRecord): Promise<boolean> {
    if (version === 1) {
      const { numInsertedOrUpdatedRows } = await this.#db
        .insertInto('keybound_key_ring')
        .values({ name, version, sealed })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    }
    const { numUpdatedRows } = await this.#db
      .updateTable('keybound_key_ring')
      .set({ version, sealed })
      .where('name', '=', name)
      .where('version', '=', version - 1)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}
