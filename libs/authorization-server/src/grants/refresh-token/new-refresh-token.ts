import { seconds, type Seconds, type Thumbprint } from '@keybound/core';
import type { Issuance } from '../../extension/grant.js';
import { freshSecret, hashOf } from '../../server/secrets.js';
import type { ServerContext } from '../../server/server-context.js';
import type { GrantRecord, RefreshTokenRecord } from '../../storage/grant-records.js';

export interface NewRefreshToken {
  readonly token: string;
  readonly record: RefreshTokenRecord;
}

/** The first refresh token of a grant, with the record to be kept. AS-70, AS-73, AS-74. */
export async function newRefreshToken(
  context: Pick<ServerContext, 'configuration'>,
  grant: GrantRecord,
  issuance: Issuance,
): Promise<NewRefreshToken> {
  const { request, binding, now } = issuance;
  const token = freshSecret('rt');
  const record = {
    hash: await hashOf(token),
    grantId: grant.id,
    clientId: request.client.id,
    parentHash: undefined,
    boundTo: keyOf(issuance),
    binding: bindingToKeep(issuance),
    mustBeBound: binding !== undefined,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: idleEnd(context, grant, now),
    retiredAt: undefined,
  };
  return { token, record };
}

/** What takes the place of a refresh token: of the same family, and no less bound. AS-70, AS-75. */
export async function successorOf(
  context: Pick<ServerContext, 'configuration'>,
  grant: GrantRecord,
  parent: RefreshTokenRecord,
  issuance: Issuance,
): Promise<NewRefreshToken> {
  const { token, record } = await newRefreshToken(context, grant, issuance);
  const mustBeBound = parent.mustBeBound || record.mustBeBound;
  return { token, record: { ...record, parentHash: parent.hash, mustBeBound } };
}

/** AS-73: without use it ends then, and with its grant in any case. */
export function idleEnd(
  { configuration }: Pick<ServerContext, 'configuration'>,
  { expiresAt }: Pick<GrantRecord, 'expiresAt'>,
  now: Seconds,
): Seconds {
  return seconds(Math.min(now + configuration.refreshTokens.idleSeconds, expiresAt));
}

/** KD-21: a key that was named stays until another is; a key that was proven is proven again. */
export function bindingToKeep({
  binding,
}: Pick<Issuance, 'binding'>): RefreshTokenRecord['binding'] {
  if (binding === undefined || binding.possession === 'proven') return undefined;
  const { by, cnf, tokenType, thumbprint } = binding;
  return { by, cnf, tokenType, thumbprint };
}

/** DPOP-16: a public client's is bound to the key that it proved; a confidential one's, to the client. */
function keyOf({ request, binding, provenKeys }: Issuance): Thumbprint | undefined {
  if (request.authentication.confidential) return undefined;
  return provenKeys.find((key) => key === binding?.thumbprint);
}
