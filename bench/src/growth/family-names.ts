import { createHash } from 'node:crypto';

const kinds = [
  'grant',
  'code',
  'firstRefreshToken',
  'refreshToken',
  'nextRefreshToken',
  'accessToken',
  'accessTokenId',
  'nextAccessToken',
  'nextAccessTokenId',
  'revokedTokenId',
  'spend',
] as const;

/** What several grants have in common. */
const sharedKinds = ['client', 'subject'] as const;

/** So many grants of one user, to so many clients. */
export const grantsOfEach = 10;

export type NameKind = (typeof kinds)[number] | (typeof sharedKinds)[number];
export type FamilyNames = Readonly<Record<NameKind, string>>;

/** All names that come with a grant: 43 characters each that look random, and are the same again. */
export function familyNames(index: number, size: number): FamilyNames {
  const shared = index % ownersIn(size);
  return Object.fromEntries([
    ...kinds.map((kind) => [kind, nameOf(kind, index)]),
    ...sharedKinds.map((kind) => [kind, nameOf(kind, shared)]),
  ]) as FamilyNames;
}

/** How many clients, and how many users, so many grants have. */
export function ownersIn(size: number): number {
  return Math.ceil(size / grantsOfEach);
}

function nameOf(kind: string, index: number): string {
  return createHash('sha256').update(`${kind} ${index}`).digest('base64url');
}
