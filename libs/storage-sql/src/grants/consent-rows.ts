import type { RememberedConsent } from '@keybound/authorization-server';
import type { Db } from '../database/database.js';
import { isPossibleName } from '../database/possible-name.js';
import { statement, type Named } from '../database/statement.js';
import type { ConsentTable } from '../database/tables.js';

const upsert = statement((db, row: Named<ConsentTable>) =>
  db
    .insertInto('keybound_consent')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['local_subject', 'client_id']).doUpdateSet({ body: row.body }),
    ),
);

export async function saveConsent(db: Db, consent: RememberedConsent): Promise<void> {
  const { localSubject, clientId } = consent;
  const body = JSON.stringify(consent);
  await upsert.run(db, { local_subject: localSubject, client_id: clientId, body });
}

const select = statement(
  (db, { localSubject, clientId }: Named<{ localSubject: string; clientId: string }>) =>
    db
      .selectFrom('keybound_consent')
      .select('body')
      .where('local_subject', '=', localSubject)
      .where('client_id', '=', clientId),
);

export async function selectConsent(
  db: Db,
  localSubject: string,
  clientId: string,
): Promise<RememberedConsent | undefined> {
  if (!isPossibleName(localSubject) || !isPossibleName(clientId)) return undefined;
  const row = await select.first(db, { localSubject, clientId });
  return row === undefined ? undefined : (JSON.parse(row.body) as RememberedConsent);
}

export async function deleteConsent(db: Db, localSubject: string, clientId: string): Promise<void> {
  if (!isPossibleName(localSubject) || !isPossibleName(clientId)) return;
  await db
    .deleteFrom('keybound_consent')
    .where('local_subject', '=', localSubject)
    .where('client_id', '=', clientId)
    .execute();
}

export async function deleteConsentsFor(db: Db, clientId: string): Promise<void> {
  await db.deleteFrom('keybound_consent').where('client_id', '=', clientId).execute();
}
