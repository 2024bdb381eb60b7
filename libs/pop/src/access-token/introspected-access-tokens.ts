import {
  accept,
  BoundedCache,
  seconds,
  type JsonObject,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import { checkAudience, checkTime } from './check-token.js';
import { activeToken } from './introspection-response.schema.js';
import { reject } from './rejections.js';
import { toVerifiedAccessToken } from './to-verified-access-token.js';
import type { TokenIntrospection } from './token-introspection.js';
import type { AccessTokenVerifier, VerifiedAccessToken } from './verified-access-token.js';

/** Whose reference tokens are taken, and how the issuer is asked. */
export interface IntrospectionPolicy {
  readonly issuer: string;
  readonly introspection: TokenIntrospection;
  /** Any of these in `aud` will do. */
  readonly audiences: readonly string[];
  readonly leewaySeconds: number;
  /** How long an answer is believed, at most 60; 0 asks with every request. AS-147. */
  readonly cacheSeconds: number;
}

const maxLength = 8_192;
const maxCachedTokens = 10_000;

/**
 * Verifies reference tokens by asking their issuer. RFC 7662 §2.2, RFC 9449 §6.2, RFC 9201 §5.
 *
 * Only what is active is kept, and never beyond its `exp`: a token that was refused is asked about
 * again (RS-22). Where answers are kept, those who ask about one token at once share a question
 * (THR-75).
 */
export class IntrospectedAccessTokens implements AccessTokenVerifier {
  readonly #active = new BoundedCache<string, KeptAnswer>(maxCachedTokens);
  readonly #underWay = new Map<string, Promise<Result<JsonObject, Rejection>>>();

  constructor(readonly policy: IntrospectionPolicy) {}

  async verify(
    token: string,
    hash: string,
    now: Seconds,
  ): Promise<Result<VerifiedAccessToken, Rejection>> {
    const { leewaySeconds, cacheSeconds } = this.policy;
    const kept = this.#active.get(hash);
    if (kept !== undefined && kept.askedAt <= now && now < kept.until) {
      return checkTime(kept.token, leewaySeconds, now);
    }
    if (token.length > maxLength) {
      return reject('token.size', 'THR-13', { actual: String(token.length) });
    }
    const answer = await this.#ask(token, hash, now);
    if (!answer.ok) return answer;
    const believed = this.#believe(answer.value);
    if (!believed.ok) return believed;
    const timely = checkTime(believed.value, leewaySeconds, now);
    if (!timely.ok || cacheSeconds === 0) return timely;
    const until = Math.min(timely.value.expiresAt, now + cacheSeconds);
    this.#active.set(hash, { token: timely.value, askedAt: now, until: seconds(until) });
    return timely;
  }

  #ask(token: string, hash: string, now: Seconds): Promise<Result<JsonObject, Rejection>> {
    const { introspection, cacheSeconds } = this.policy;
    if (cacheSeconds === 0) return introspection.introspect(token, now);
    let answer = this.#underWay.get(hash);
    if (answer === undefined) {
      answer = introspection.introspect(token, now).finally(() => this.#underWay.delete(hash));
      this.#underWay.set(hash, answer);
    }
    return answer;
  }

  #believe(answer: JsonObject): Result<VerifiedAccessToken, Rejection> {
    if (answer['active'] !== true) {
      return reject('token.inactive', 'RS-22', { expected: 'active true' });
    }
    const response = activeToken.safeParse(answer);
    if (!response.success) {
      const [issue] = response.error.issues;
      const missing = issue?.path[0] === 'aud' ? 'RS-12' : 'RS-14';
      return reject('token.claims', missing, { actual: String(issue?.path[0] ?? 'sub') });
    }
    const { data } = response;
    const { issuer, audiences } = this.policy;
    if (data.iss !== undefined && data.iss !== issuer) {
      return reject('token.issuer', 'RS-11', { expected: issuer, actual: data.iss });
    }
    const addressed = checkAudience(data.aud, audiences);
    if (!addressed.ok) return addressed;
    if (isBoundType(data.token_type) && answer['cnf'] === undefined) {
      return reject('token.claims', 'CNF-15', { expected: 'cnf', actual: data.token_type ?? '' });
    }
    const sub = data.sub ?? data.client_id ?? '';
    return accept(toVerifiedAccessToken({ ...data, iss: issuer, sub }, answer));
  }
}

interface KeptAnswer {
  readonly token: VerifiedAccessToken;
  readonly askedAt: Seconds;
  readonly until: Seconds;
}

/** Types of which no token is without a key. */
function isBoundType(type: string | undefined): boolean {
  return type !== undefined && ['dpop', 'pop'].includes(type.toLowerCase());
}
