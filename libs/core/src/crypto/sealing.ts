import { compactDecrypt, CompactEncrypt, decodeProtectedHeader, errors } from 'jose';
import { ConfigurationError } from '../errors/faults.js';
import { encodeBase64url } from './base64url.js';
import { keyFromSecret } from './master-secret.js';

/** Closes small texts so that they may lie in a store that others can read, and change. */
export interface Sealing {
  /**
   * @param place Where the text belongs; unsealed anywhere else, it is refused.
   * @returns A compact JWE: ASCII.
   */
  seal(text: string, place: SealedPlace): Promise<string>;
  /** @throws ConfigurationError for what none of the secrets sealed for this place. */
  unseal(sealed: string, place: SealedPlace): Promise<string>;
  /** Whether what was unsealed may stay as it is: a previous secret is not needed for it. */
  isByCurrent(sealed: string): boolean;
}

/** A record: its name, and its version where it has one. It is readable in what is sealed. */
export type SealedPlace = readonly [name: string, version?: number];

interface SealingKey {
  readonly kid: string;
  readonly key: Uint8Array;
}

/** Enough to tell a few secrets apart; as part of an HKDF output it tells nothing of them. */
const kidOctets = 9;

/**
 * Seals by the first of several secrets, unseals by any, so that a secret is rotated by putting another
 * in front of it. RFC 7516 with `dir` and `A256GCM` (RFC 7518 §4.5, §5.3): each text under a nonce of its
 * own, its place authenticated beside it, its key derived for this purpose alone.
 *
 * @throws ConfigurationError for a secret that is short or has too little variety.
 */
export function sealingBy(secrets: readonly string[], purpose: string): Sealing {
  const keys = secrets.map((secret) => sealingKeyOf(secret, purpose));
  const [current] = keys;
  if (current === undefined) throw new ConfigurationError(`There is no secret to seal ${purpose}.`);
  return {
    seal: (text, place) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: current.kid, place: [...place] })
        .encrypt(current.key),
    unseal: (sealed, place) => unseal(sealed, place, keys, purpose),
    isByCurrent: (sealed) => decodeProtectedHeader(sealed).kid === current.kid,
  };
}

function sealingKeyOf(secret: string, purpose: string): SealingKey {
  const id = keyFromSecret(secret, `key id: ${purpose}`).subarray(0, kidOctets);
  return { kid: encodeBase64url(id), key: keyFromSecret(secret, `seal: ${purpose}`) };
}

async function unseal(
  sealed: string,
  place: SealedPlace,
  keys: readonly SealingKey[],
  purpose: string,
): Promise<string> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(
      sealed,
      ({ kid }) => {
        const named = keys.find((each) => each.kid === kid);
        if (named === undefined) throw sealedByAnother(purpose);
        return named.key;
      },
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    );
    if (JSON.stringify(protectedHeader['place']) !== JSON.stringify(place)) throw changed(purpose);
    return new TextDecoder().decode(plaintext);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw changed(purpose);
    throw error;
  }
}

function sealedByAnother(purpose: string): ConfigurationError {
  return new ConfigurationError(
    `What is stored of ${purpose} is sealed by a secret that is not given; put the secret that sealed it behind the current one.`,
  );
}

function changed(purpose: string): ConfigurationError {
  return new ConfigurationError(
    `What is stored of ${purpose} was changed or moved since it was sealed; restore it, or delete it to begin anew.`,
  );
}
