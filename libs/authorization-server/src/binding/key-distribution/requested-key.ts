import {
  accept,
  decodeBase64url,
  headerDepth,
  isJsonObject,
  isThumbprint,
  parseJsonObject,
  parseJsonText,
  type JsonObject,
  type Rejection,
  type Result,
} from '@keybound/core';
import { reject } from './rejections.js';

/** The key that a client wants its token bound to: shown, or named only. */
export type RequestedKey =
  | { readonly form: 'jwk'; readonly jwk: JsonObject }
  | {
      readonly form: 'name';
      /** A thumbprint, or the `kid` of a registered key. */
      readonly kid: string;
    };

const maxLength = 4_096;
const maxKidLength = 256;
/** Members that would name a second key, or one that nobody here resolves. */
const otherKeys = ['jwe', 'jku', 'jkt', 'x5t#S256'];

/**
 * The `key` parameter of -01 §5.1: a JWK, or an object with `jwk`, as JSON or base64url of it; or a
 * thumbprint. A JWE would be for a decryption key that this server does not have.
 */
export function parseKeyParameter(text: string): Result<RequestedKey, Rejection> {
  const value = decode(text);
  if (value === undefined) return isThumbprint(text) ? byName(text) : malformed('not a key');
  if (!Object.hasOwn(value, 'kty')) return fromConfirmation(value);
  if (Object.hasOwn(value, 'jwk')) return malformed('a key in a key');
  return accept({ form: 'jwk', jwk: value });
}

/** The `req_cnf` parameter of -07 §3 and RFC 9201 §3.1: a confirmation, as JSON or base64url of it. */
export function parseReqCnf(text: string): Result<RequestedKey, Rejection> {
  const value = decode(text);
  return value === undefined ? malformed('not a confirmation') : fromConfirmation(value);
}

/** KD-13: exactly one key. What nobody knows is passed over (RFC 7800 §3.1), `xms_ksl` among it. */
function fromConfirmation(confirmation: JsonObject): Result<RequestedKey, Rejection> {
  const other = otherKeys.find((member) => Object.hasOwn(confirmation, member));
  if (other !== undefined) return malformed(other);
  const { jwk, kid } = confirmation;
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > maxKidLength)) {
    return malformed('kid');
  }
  if (jwk === undefined) return kid === undefined ? malformed('no key') : byName(kid);
  if (!isJsonObject(jwk)) return malformed('jwk');
  if (kid !== undefined && (jwk['kid'] ?? kid) !== kid) return malformed('two keys');
  return accept({ form: 'jwk', jwk });
}

/** Bounded before it is parsed. */
function decode(text: string): JsonObject | undefined {
  if (text.length > maxLength) return undefined;
  if (text.startsWith('{')) {
    const value = parseJsonText(text, headerDepth);
    return isJsonObject(value) ? value : undefined;
  }
  const octets = decodeBase64url(text);
  return octets === undefined ? undefined : parseJsonObject(octets, headerDepth);
}

function byName(kid: string): Result<RequestedKey, Rejection> {
  return accept({ form: 'name', kid });
}

function malformed(actual: string) {
  return reject('key_distribution.key', 'KD-13', { actual });
}
