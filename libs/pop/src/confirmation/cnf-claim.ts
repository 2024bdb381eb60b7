import {
  accept,
  isJsonObject,
  isThumbprint,
  type JsonObject,
  type Rejection,
  type Result,
  type Thumbprint,
} from '@keybound/core';
import { reject } from './rejections.js';

/** The confirmation members that bind a token to something a sender can prove. */
export const knownCnfMembers = ['jwk', 'jwe', 'jku', 'kid', 'jkt', 'x5t#S256'] as const;
export type CnfMember = (typeof knownCnfMembers)[number];

/** A `cnf` claim whose members have the right form. RFC 7800 §3.1. */
export interface Cnf {
  /** The members that we know, each of which must be proven. Never empty. */
  readonly members: readonly CnfMember[];
  readonly jwk: JsonObject | undefined;
  /** Compact, to a key of the recipient. */
  readonly jwe: string | undefined;
  readonly jku: string | undefined;
  readonly kid: string | undefined;
  readonly jkt: Thumbprint | undefined;
  readonly certificateThumbprint: string | undefined;
}

const keyMembers = ['jwk', 'jwe', 'jku'] as const;

/**
 * Takes a `cnf` claim apart. CNF-01 to CNF-03.
 *
 * Members that nobody knows are ignored beside a known one; alone they still bind the token, to
 * something that we cannot check, so it is refused.
 */
export function parseCnf(claim: unknown): Result<Cnf, Rejection> {
  if (claim === undefined) return reject('cnf.absent', 'SHR-29');
  if (!isJsonObject(claim)) return reject('cnf.form', 'CNF-01');
  const members = knownCnfMembers.filter((member) => Object.hasOwn(claim, member));
  if (members.length === 0) {
    return reject('cnf.unknown', 'CNF-03', { actual: Object.keys(claim).join(' ') });
  }
  const keys = keyMembers.filter((member) => members.includes(member));
  if (keys.length > 1) return reject('cnf.several_keys', 'CNF-02', { actual: keys.join(' ') });
  const { jwk, jwe, jku, kid, jkt } = claim;
  if (jwk !== undefined && !isJsonObject(jwk)) return reject('cnf.form', 'CNF-04');
  if (jwe !== undefined && typeof jwe !== 'string') return reject('cnf.form', 'CNF-06');
  if (jku !== undefined && typeof jku !== 'string') return reject('cnf.form', 'CNF-08');
  if (kid !== undefined && typeof kid !== 'string') return reject('cnf.form', 'CNF-07');
  if (jkt !== undefined && !isThumbprint(jkt)) return reject('cnf.form', 'DPOP-18');
  const certificate = claim['x5t#S256'];
  if (certificate !== undefined && !isThumbprint(certificate)) return reject('cnf.form', 'CNF-12');
  if (kid !== undefined && jwk !== undefined && (jwk['kid'] ?? kid) !== kid) {
    return reject('cnf.several_keys', 'CNF-02', { expected: kid });
  }
  return accept({ members, jwk, jwe, jku, kid, jkt, certificateThumbprint: certificate });
}
