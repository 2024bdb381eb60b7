import type { NameKind } from './family-names.js';

/** A table with rows of a family, and the names of those rows. */
export interface FamilyTable {
  readonly table: string;
  readonly key: string;
  readonly kept: readonly NameKind[];
  /** Of rows that come when its refresh token is used. */
  readonly next?: readonly NameKind[];
}

export const familyTables: readonly FamilyTable[] = [
  { table: 'keybound_grant', key: 'id', kept: ['grant'] },
  { table: 'keybound_code', key: 'hash', kept: ['code'] },
  {
    table: 'keybound_refresh_token',
    key: 'hash',
    kept: ['firstRefreshToken', 'refreshToken'],
    next: ['nextRefreshToken'],
  },
  {
    table: 'keybound_access_token',
    key: 'hash',
    kept: ['accessToken'],
    next: ['nextAccessToken'],
  },
  { table: 'keybound_revoked_token', key: 'jti', kept: ['revokedTokenId'] },
  { table: 'keybound_spend', key: 'digest', kept: ['spend'] },
];

/** Of which one stands for several families. */
export const clientTable: FamilyTable = { table: 'keybound_client', key: 'id', kept: ['client'] };

/** All rows but the client's. */
export const rowsOfFamily = familyTables.reduce((sum, { kept }) => sum + kept.length, 0);
