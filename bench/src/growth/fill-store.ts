import type { SqlStorage } from '@keybound/storage-sql';
import { openSql } from '../stores/open-sql.js';
import type { StorePlace } from '../stores/store-place.js';
import { openBulk } from './open-bulk.js';
import { Family } from './family.js';
import { frozen, now } from './frozen.js';
import { Population } from './population.js';
import { useOf } from './use-of.js';

const batch = 1_000;

/** Makes an empty place a store of so many grants, with all that comes with them. */
export async function fillStore(place: StorePlace, size: number): Promise<void> {
  const storage = await openSql(place, frozen);
  if (storage === undefined) throw new Error('Only databases are filled.');
  await beginWith(new Family(0, size), storage);
  await storage.close();

  const bulk = await openBulk(place);
  const population = await Population.in(bulk, size);
  for (let from = 1; from < size; from += batch) {
    const length = Math.min(batch, size - from);
    const families = Array.from({ length }, (_, at) => population.family(from + at));
    await population.insert(families);
    await population.insertClients(families);
  }
  await bulk.tend();
  await bulk.close();
}

/** Its code was redeemed, its refresh token used once, and one of its access tokens revoked. */
async function beginWith(family: Family, { stores, replay }: SqlStorage): Promise<void> {
  const { grant, code, firstRefreshToken, refreshToken, accessToken, client, spend } = family;
  await stores.clients.add(client);
  await stores.grants.saveGrantWithCode(grant, code);
  await stores.grants.redeemCode(
    code.hash,
    { refreshToken: firstRefreshToken, accessToken: undefined },
    now,
  );
  await stores.grants.useRefreshToken(useOf(firstRefreshToken, refreshToken, accessToken));
  await stores.grants.revokeAccessToken(family.names.revokedTokenId, accessToken.expiresAt, now);
  await replay.claim([spend], now);
}
