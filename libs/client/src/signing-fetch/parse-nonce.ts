/** A nonce that a server handed out; undefined for anything else. RFC 9449 §8.1. */
export function parseNonce(value: string | null | undefined): string | undefined {
  return typeof value === 'string' && /^[!#-[\]-~]+$/.test(value) ? value : undefined;
}
