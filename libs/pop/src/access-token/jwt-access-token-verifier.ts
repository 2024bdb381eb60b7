import {
  accept,
  BoundedCache,
  isMediaType,
  parseCompactJws,
  verifySignature,
  type JsonObject,
  type Rejection,
  type Result,
  type Seconds,
  type UnverifiedJws,
  type VerificationKey,
} from '@keybound/core';
import {
  rfc9068Claims,
  untypedClaims,
  type AccessTokenClaims,
} from './access-token-claims.schema.js';
import { checkAudience, checkTime } from './check-token.js';
import { reject, rejectJws } from './rejections.js';
import { toVerifiedAccessToken } from './to-verified-access-token.js';
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
    if (kept?.issuer.keys.has(kept.key) === true) return this.#checkNow(kept, now);
    const verified = await this.#verify(token);
    if (!verified.ok) return verified;
    const timely = checkTime(verified.value.token, this.policy.leewaySeconds, now);
    if (!timely.ok) return timely;
    this.#verified.set(hash, verified.value);
    return this.#checkStatus(verified.value, now);
  }

  #checkNow(kept: KeptToken, now: Seconds) {
    const timely = checkTime(kept.token, this.policy.leewaySeconds, now);
    return timely.ok ? this.#checkStatus(kept, now) : timely;
  }

  async #verify(text: string): Promise<Result<KeptToken, Rejection>> {
    const opened = parseCompactJws(text, {
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
    const token = toVerifiedAccessToken(claims.value, payload.value);
    return accept({ token, key: key.value, issuer: issuer.value });
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
    const addressed = checkAudience(claims.data.aud, this.policy.audiences);
    return addressed.ok ? accept(claims.data) : addressed;
  }

  /** AS-247: asked anew each time, where the issuer is in the same process. */
  #checkStatus({ token, issuer }: KeptToken, now: Seconds) {
    if (issuer.status === undefined) return accept(token);
    return issuer.status
      .isActive(token, now)
      .then((active) => (active ? accept(token) : reject('token.revoked', 'AS-247')));
  }
}

interface KeptToken {
  readonly token: VerifiedAccessToken;
  readonly key: VerificationKey;
  readonly issuer: TrustedIssuer;
}

/** Whatever `typ` says is judged once the issuer is known. */
function isString(typ: unknown): boolean {
  return typ === undefined || typeof typ === 'string';
}
