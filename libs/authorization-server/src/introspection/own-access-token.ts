import {
  isMediaType,
  parseCompactJws,
  seconds,
  verifySignature,
  type JsonObject,
  type Seconds,
} from '@keybound/core';
import { z } from 'zod';
import { longestAccessToken } from '../issuing/longest-access-token.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import { isActive } from './is-active.js';

/** An access token that this server issued, and that is good now. */
export interface OwnAccessToken {
  readonly jti: string;
  readonly clientId: string;
  readonly expiresAt: Seconds;
  readonly audiences: readonly string[];
  /** Every claim, of a JWT and of a reference alike. */
  readonly claims: JsonObject;
}

type TokenContext = Pick<ServerContext, 'issuer' | 'keys' | 'stores' | 'resolveClient'>;

/** What every access token of ours has. RFC 9068 §2.2. */
const ownClaims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  jti: z.string(),
  client_id: z.string(),
  grant_id: z.string().optional(),
});

/**
 * Finds out whether text is an access token of this server: a JWT by its signature, a reference by
 * its record; neither expired nor revoked. RFC 7662 §2.2, RFC 7009 §2.1.
 *
 * Why one is not is nobody's business, so there is no refusal to tell it.
 *
 * @throws StoreUnavailableError
 */
export async function findOwnAccessToken(
  context: TokenContext,
  token: string,
  now: Seconds,
): Promise<OwnAccessToken | undefined> {
  if (token.length > longestAccessToken) return undefined;
  const claims = token.includes('.')
    ? await claimsOfJwt(context, token)
    : await claimsOfReference(context, token, now);
  const parsed = ownClaims.safeParse(claims);
  if (claims === undefined || !parsed.success) return undefined;
  const { iss, aud, exp, nbf = 0, jti, client_id: clientId, grant_id: grantId } = parsed.data;
  if (iss !== context.issuer || exp <= now || nbf > now) return undefined;
  if (!(await isActive(context, { jti, grantId, clientId }, now))) return undefined;
  const audiences = typeof aud === 'string' ? [aud] : aud;
  return { jti, clientId, expiresAt: seconds(exp), audiences, claims };
}

async function claimsOfJwt({ keys }: TokenContext, token: string): Promise<JsonObject | undefined> {
  const algorithms = new Set(keys.algorithms);
  const accepts = (typ: unknown): boolean => isMediaType(typ, 'at+jwt');
  const opened = parseCompactJws(token, { accepts, algorithms, maxLength: longestAccessToken });
  if (!opened.ok) return undefined;
  const { algorithm, kid } = opened.value.header;
  const key = await keys.source.find({ algorithm, kid });
  if (!key.ok) return undefined;
  const verified = await verifySignature(opened.value, key.value);
  return verified.ok ? verified.value : undefined;
}

async function claimsOfReference(
  { stores }: TokenContext,
  token: string,
  now: Seconds,
): Promise<JsonObject | undefined> {
  if (!token.startsWith('at_')) return undefined;
  return (await stores.grants.findAccessToken(await hashOf(token), now))?.claims;
}
