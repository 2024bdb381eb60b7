import { decodeCanonicalBase64url } from '#platform';

export { encodeBase64url } from '#platform';

const alphabet = /^[A-Za-z0-9_-]*$/;
const lastOfTwo = /[AQgw]$/; // four unused bits, all zero
const lastOfThree = /[AEIMQUYcgkosw048]$/; // two unused bits, all zero

/**
 * Whether text is the one base64url form of some octets: no padding, no blanks, no slack bits.
 * RFC 7515 §2, RFC 4648 §3.5. Two forms of one value would be two names for one token.
 */
export function isCanonicalBase64url(text: string): boolean {
  if (!alphabet.test(text)) return false;
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return lastOfTwo.test(text);
    case 3:
      return lastOfThree.test(text);
    default:
      return false;
  }
}

/** The octets, or undefined where the text is not canonical base64url. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  return isCanonicalBase64url(text) ? decodeCanonicalBase64url(text) : undefined;
}
