import {
  accept,
  BoundedCache,
  isMediaType,
  parseCompactJws,
  seconds,
  verifySignature,
  type JsonObject,
  type KeySource,
  type Rejection,
  type Result,
  type Seconds,
  type UnverifiedJws,
  type VerificationKey,
} from '@keybound/core';
import { parseCnf } from '../confirmation/cnf-claim.js';
import {
  rfc9068Claims,
  untypedClaims,
  type AccessTokenClaims,
} from './access-token-claims.schema.js';
import { reject, rejectJws } from './rejections.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import type { AccessTokenVerifier, VerifiedAccessToken } from './verified-access-token.js';

/** What this resource expects of every token, whoever issued it. */
export interface AccessTokenPolicy {
  readonly issuers: readonly TrustedIssuer[];
  /** Any of these in `aud` will do. */
  readonly audiences: readonly string[];
  /** How far clocks may differ, in seconds. */
  readonly leewaySeconds: number;
}

const maxLength = 8_192;
const maxCachedTokens = 10_000;

/**
 * Verifies JWT access tokens. RFC 9068 §4.
 *
 * A verified token is kept under its hash until it expires or its issuer withdraws the key, so that
 * its signature is checked once and not with every request. Time is judged anew each time.
 */
export class JwtAccessTokenVerifier implements AccessTokenVerifier {
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly #algorithms: ReadonlySet<string>;
  readonly #verified = new BoundedCache<string, KeptToken>(maxCachedTokens);

  constructor(readonly policy: AccessTokenPolicy) {
    this.#issuers = new Map(policy.issuers.map((issuer) => [issuer.issuer, issuer]));
    this.#algorithms = new Set(policy.issuers.flatMap(({ algorithms }) => [...algorithms]));
  }

  async verify(
    token: string,
    hash: string,
    now: Seconds,
  ): Promise<Result<VerifiedAccessToken, Rejection>> {
    const kept = this.#verified.get(hash);
    if (kept?.keys.has(kept.key) === true) return this.#checkTime(kept.token, now);
    const verified = await this.#verify(token);
    if (!verified.ok) return verified;
    const timely = this.#checkTime(verified.value.token, now);
    if (timely.ok) this.#verified.set(hash, verified.value);
    return timely;
  }

  async #verify(token: string): Promise<Result<KeptToken, Rejection>> {
    const opened = parseCompactJws(token, {
      accepts: isString,
      algorithms: this.#algorithms,
      maxLength,
    });
    if (!opened.ok) return rejectJws(opened.failure);
    const jws = opened.value;
    const issuer = this.#issuerOf(jws);
    if (!issuer.ok) return issuer;
    const { algorithm, kid } = jws.header;
    const key = await issuer.value.keys.find({ algorithm, kid });
    if (!key.ok) return reject('token.key', 'RS-13', { actual: key.failure });
    const payload = await verifySignature(jws, key.value);
    if (!payload.ok) return rejectJws(payload.failure);
    const claims = this.#checkClaims(payload.value, issuer.value);
    if (!claims.ok) return claims;
    const { keys } = issuer.value;
    return accept({ token: toVerified(claims.value, payload.value), key: key.value, keys });
  }

  /** RS-10, RS-11: who is said to have issued it, and whether it is an access token at all. */
  #issuerOf(jws: UnverifiedJws): Result<TrustedIssuer, Rejection> {
    const { iss } = jws.unverifiedPayload;
    const issuer = typeof iss === 'string' ? this.#issuers.get(iss) : undefined;
    if (issuer === undefined) {
      return reject('token.issuer', 'RS-11', {
        actual: typeof iss === 'string' ? iss : typeof iss,
      });
    }
    const { typ } = jws.header.members;
    const untyped = issuer.tokens === 'untyped' && (typ === undefined || isMediaType(typ, 'jwt'));
    if (!untyped && !isMediaType(typ, 'at+jwt')) {
      return reject('token.typ', 'RS-10', { actual: typeof typ === 'string' ? typ : typeof typ });
    }
    if (issuer.algorithms.has(jws.header.algorithm)) return accept(issuer);
    return reject('token.alg', 'RS-13', { actual: jws.header.algorithm });
  }

  #checkClaims(payload: JsonObject, issuer: TrustedIssuer): Result<AccessTokenClaims, Rejection> {
    const schema = issuer.tokens === 'rfc9068' ? rfc9068Claims : untypedClaims;
    const claims = schema.safeParse(payload);
    if (!claims.success) {
      const [issue] = claims.error.issues;
      const missing = issue?.path[0] === 'aud' ? 'RS-12' : 'RS-14';
      return reject('token.claims', missing, { actual: String(issue?.path[0] ?? 'payload') });
    }
    const { aud } = claims.data;
    const named = typeof aud === 'string' ? [aud] : aud;
    if (named.some((name) => this.policy.audiences.includes(name))) return accept(claims.data);
    return reject('token.audience', 'RS-12', {
      expected: this.policy.audiences.join(' '),
      actual: named.join(' '),
    });
  }

  #checkTime(token: VerifiedAccessToken, now: Seconds): Result<VerifiedAccessToken, Rejection> {
    const { leewaySeconds } = this.policy;
    if (token.expiresAt + leewaySeconds <= now) {
      return reject('token.expired', 'RS-14', { actual: String(token.expiresAt) });
    }
    if (token.notBefore !== undefined && token.notBefore - leewaySeconds > now) {
      return reject('token.not_yet_valid', 'RS-14', { actual: String(token.notBefore) });
    }
    return accept(token);
  }
}

interface KeptToken {
  readonly token: VerifiedAccessToken;
  readonly key: VerificationKey;
  readonly keys: KeySource;
}

/** Whatever `typ` says is judged once the issuer is known. */
function isString(typ: unknown): boolean {
  return typ === undefined || typeof typ === 'string';
}

function toVerified(claims: AccessTokenClaims, payload: JsonObject): VerifiedAccessToken {
  const names = claims.scope?.split(' ').filter((scope) => scope !== '');
  const scopes: ReadonlySet<string> = new Set(names);
  return {
    issuer: claims.iss,
    subject: claims.sub,
    clientId: claims.client_id ?? claims.azp,
    scopes,
    expiresAt: seconds(claims.exp),
    notBefore: claims.nbf === undefined ? undefined : seconds(claims.nbf),
    claims: payload,
    cnf: parseCnf(payload['cnf']),
  } as VerifiedAccessToken;
}
