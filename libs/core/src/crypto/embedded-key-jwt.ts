import { accept, refuse, type Result } from '../errors/result.js';
import { BoundedCache } from './bounded-cache.js';
import {
  openJws,
  parseJwsHeader,
  splitCompactJws,
  verifySignature,
  type JwsHeader,
  type JwsProblem,
} from './compact-jws.js';
import type { JsonObject } from './parse-json.js';
import { importVerificationKey, type VerificationKey } from './verification-key.js';

/** A JWT signed by the very key that its header carries: proof that the sender holds that key. */
export interface EmbeddedKeyJwt {
  readonly key: VerificationKey;
  readonly claims: JsonObject;
}

const maxHeaders = 10_000;
const maxCachedHeaderLength = 1_500;

/**
 * Verifies JWTs of one slot that carry their own key (DPoP and credential proofs).
 *
 * A client sends the same header in every proof, so the outcome of parsing it and importing its key
 * is kept, by the header's text, and only after one signature by that key was good.
 */
export class EmbeddedKeyJwtVerifier {
  readonly #known = new BoundedCache<string, KnownHeader>(maxHeaders);
  readonly #typ: string;
  readonly #algorithms: ReadonlySet<string>;
  readonly #maxLength: number;

  /** @param slot `typ` is compared literally; `maxLength` counts characters. */
  constructor(slot: {
    readonly typ: string;
    readonly algorithms: readonly string[];
    readonly maxLength: number;
  }) {
    this.#typ = slot.typ;
    this.#algorithms = new Set(slot.algorithms);
    this.#maxLength = slot.maxLength;
  }

  async verify(jwt: string): Promise<Result<EmbeddedKeyJwt, JwsProblem>> {
    const segments = splitCompactJws(jwt, this.#maxLength);
    if (!segments.ok) return segments;
    const cached = this.#known.get(segments.value.header);
    const known = cached ?? (await this.#read(segments.value.header));
    if ('step' in known) return refuse(known);
    const jws = openJws(segments.value, known.header);
    if (!jws.ok) return jws;
    const claims = await verifySignature(jws.value, known.key);
    if (!claims.ok) return claims;
    if (cached === undefined && segments.value.header.length <= maxCachedHeaderLength) {
      this.#known.set(ownCopy(segments.value.header), known);
    }
    return accept({ key: known.key, claims: claims.value });
  }

  async #read(segment: string): Promise<KnownHeader | JwsProblem> {
    const header = parseJwsHeader(segment, (typ) => typ === this.#typ, this.#algorithms);
    if (!header.ok) return header.failure;
    const key = await importVerificationKey(header.value.members['jwk']);
    if (!key.ok) return { step: 'key', actual: key.failure };
    return { header: header.value, key: key.value };
  }
}

/** A slice keeps the whole text alive that it was taken from; a copy does not. */
function ownCopy(segment: string): string {
  return new TextDecoder('latin1').decode(new TextEncoder().encode(segment));
}

interface KnownHeader {
  readonly header: JwsHeader;
  readonly key: VerificationKey;
}
