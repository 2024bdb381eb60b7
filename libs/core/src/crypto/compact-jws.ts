import { accept, refuse, type Result } from '../errors/result.js';
import {
  algorithmFitsKey,
  macAlgorithmNames,
  signatureAlgorithms,
  type MacAlgorithmName,
  type SignatureAlgorithm,
  type SignatureAlgorithmName,
} from './algorithms.js';
import { decodeBase64url } from './base64url.js';
import { bodyDepth, headerDepth, parseJsonObject, type JsonObject } from './parse-json.js';
import type { VerificationKey } from './verification-key.js';
import { verifyBytes } from '#platform';

/** What is wrong with a JWS, by the step that found it. */
export interface JwsProblem {
  readonly step: JwsStep;
  /** What stood there; the audit log sanitises it. */
  readonly actual?: string;
}

export type JwsStep =
  'size' | 'format' | 'header' | 'crit' | 'typ' | 'alg' | 'key' | 'payload' | 'signature';

/** What one slot accepts. A JWT of another kind fails by its `typ`. RFC 8725 §3.11. */
export interface JwsExpectation<Mac extends MacAlgorithmName = never> {
  readonly accepts: (typ: unknown) => boolean;
  /** The slot's allow-list. */
  readonly algorithms: ReadonlySet<string>;
  /** Only where the key is a secret that both ends were given (SHR-22). */
  readonly macs?: ReadonlySet<Mac>;
  /** Longest compact form, in characters. */
  readonly maxLength: number;
}

export type JwsAlgorithmName = SignatureAlgorithmName | MacAlgorithmName;

/** A JWS in which only the form and the header were checked. */
export interface DecodedJws<Algorithm extends JwsAlgorithmName = SignatureAlgorithmName> {
  readonly header: JwsHeader<Algorithm>;
  /** Not to be believed before {@link checkSignature}. */
  readonly payload: Uint8Array;
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

/** A {@link DecodedJws} whose payload is a JSON object, for which nobody vouches yet. */
export interface UnverifiedJws<
  Algorithm extends JwsAlgorithmName = SignatureAlgorithmName,
> extends DecodedJws<Algorithm> {
  /** Not to be believed before {@link verifySignature}. */
  readonly unverifiedPayload: JsonObject;
}

/** A protected header whose `alg` is allowed, whose `typ` fits and which asks for no extension. */
export interface JwsHeader<Algorithm extends JwsAlgorithmName = SignatureAlgorithmName> {
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
  /** Every member as received; a key in it selects nothing by itself. */
  readonly members: JsonObject;
}

/** The three parts of a compact JWS, still encoded. */
export interface CompactSegments {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
  /** The first two parts with the period between them, as they came. RFC 7515 §5.2. */
  readonly signingInput: string;
}

/**
 * `typ` values that mean one media type: any letter case, with or without `application/`. RFC 7515
 * §4.1.9. Slots that compare the literal do not use it.
 */
export function isMediaType(typ: unknown, expected: string): boolean {
  if (typeof typ !== 'string') return false;
  const name = typ.toLowerCase();
  return name === expected || name === `application/${expected}`;
}

/**
 * Splits a compact serialisation into exactly three parts. RFC 7515 §3.1, §7.1. An empty signature is
 * for {@link openJws} to refuse, after `alg` has been judged.
 */
export function splitCompactJws(
  text: string,
  maxLength: number,
): Result<CompactSegments, JwsProblem> {
  if (text.length > maxLength) return refuse({ step: 'size', actual: String(text.length) });
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 1 || second < first + 2) return refuse({ step: 'format' });
  if (text.includes('.', second + 1)) return refuse({ step: 'format' });
  return accept({
    header: text.slice(0, first),
    payload: text.slice(first + 1, second),
    signature: text.slice(second + 1),
    signingInput: text.slice(0, second),
  });
}

/** Checks a protected header: form, `crit`, `b64`, `typ`, `alg`, `kid`. RFC 7515 §4, RFC 8725 §3.1. */
export function parseJwsHeader<Mac extends MacAlgorithmName = never>(
  segment: string,
  accepts: (typ: unknown) => boolean,
  algorithms: ReadonlySet<string>,
  macs?: ReadonlySet<Mac>,
): Result<JwsHeader<SignatureAlgorithmName | Mac>, JwsProblem> {
  const octets = decodeBase64url(segment);
  if (octets === undefined) return refuse({ step: 'format' });
  const members = parseJsonObject(octets, headerDepth);
  if (members === undefined) return refuse({ step: 'header' });
  const { typ, alg, kid } = members;
  if (Object.hasOwn(members, 'crit') || Object.hasOwn(members, 'b64'))
    return refuse({ step: 'crit' });
  if (!accepts(typ)) return refuse({ step: 'typ', actual: describe(typ) });
  const algorithm = typeof alg === 'string' ? allowed(alg, algorithms, macs) : undefined;
  if (algorithm === undefined) return refuse({ step: 'alg', actual: describe(alg) });
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) {
    return refuse({ step: 'header', actual: 'kid' });
  }
  return accept({ algorithm, kid, members });
}

/** Decodes the parts that follow the header. */
export function decodeJws<Algorithm extends JwsAlgorithmName>(
  segments: CompactSegments,
  header: JwsHeader<Algorithm>,
): Result<DecodedJws<Algorithm>, JwsProblem> {
  const payload = decodeBase64url(segments.payload);
  const signature = decodeBase64url(segments.signature);
  if (payload === undefined || signature === undefined || signature.length === 0) {
    return refuse({ step: 'format' });
  }
  return accept({ header, payload, signingInput: segments.signingInput, signature });
}

/** {@link decodeJws} for a JWT: the claims are parsed here once, and never again. */
export function openJws<Algorithm extends JwsAlgorithmName>(
  segments: CompactSegments,
  header: JwsHeader<Algorithm>,
): Result<UnverifiedJws<Algorithm>, JwsProblem> {
  const decoded = decodeJws(segments, header);
  if (!decoded.ok) return decoded;
  const unverifiedPayload = parseJsonObject(decoded.value.payload, bodyDepth);
  if (unverifiedPayload === undefined) return refuse({ step: 'payload' });
  const { payload, signingInput, signature } = decoded.value;
  return accept({ header, payload, signingInput, signature, unverifiedPayload });
}

/** {@link splitCompactJws}, {@link parseJwsHeader} and {@link openJws} in one step. */
export function parseCompactJws<Mac extends MacAlgorithmName = never>(
  text: string,
  { accepts, algorithms, macs, maxLength }: JwsExpectation<Mac>,
): Result<UnverifiedJws<SignatureAlgorithmName | Mac>, JwsProblem> {
  const segments = splitCompactJws(text, maxLength);
  if (!segments.ok) return segments;
  const header = parseJwsHeader(segments.value.header, accepts, algorithms, macs);
  return header.ok ? openJws(segments.value, header.value) : header;
}

/**
 * Checks a signature with exactly this key. RFC 7515 §5.2.
 *
 * The algorithm must fit the key's type, curve and own `alg`. Whatever an engine throws on hostile
 * input counts as a bad signature: the key is sound already, so nothing else can be the cause.
 */
export async function checkSignature(
  jws: DecodedJws,
  key: VerificationKey,
): Promise<Result<DecodedJws, JwsProblem>> {
  const name = jws.header.algorithm;
  const algorithm: SignatureAlgorithm = signatureAlgorithms[name];
  if (!algorithmFitsKey(name, key.jwk)) return refuse({ step: 'alg', actual: name });
  if ('signatureLength' in algorithm && jws.signature.length !== algorithm.signatureLength) {
    return refuse({ step: 'signature' });
  }
  try {
    const good = await verifyBytes(algorithm, key.handle, jws.signingInput, jws.signature);
    return good ? accept(jws) : refuse({ step: 'signature' });
  } catch {
    return refuse({ step: 'signature' });
  }
}

/** {@link checkSignature} for a JWT. @returns Its claims, which from now on may be believed. */
export async function verifySignature(
  jws: UnverifiedJws,
  key: VerificationKey,
): Promise<Result<JsonObject, JwsProblem>> {
  const checked = await checkSignature(jws, key);
  return checked.ok ? accept(jws.unverifiedPayload) : checked;
}

/** A MAC that stands in the list of signature algorithms by mistake is not found there. */
function allowed<Mac extends MacAlgorithmName>(
  alg: string,
  algorithms: ReadonlySet<string>,
  macs: ReadonlySet<Mac> | undefined,
): SignatureAlgorithmName | Mac | undefined {
  if (algorithms.has(alg) && isSignatureAlgorithmName(alg)) return alg;
  const mac = macAlgorithmNames.find((name) => name === alg) as Mac | undefined;
  return mac !== undefined && macs?.has(mac) === true ? mac : undefined;
}

function isSignatureAlgorithmName(alg: string): alg is SignatureAlgorithmName {
  return Object.hasOwn(signatureAlgorithms, alg);
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : typeof value;
}
