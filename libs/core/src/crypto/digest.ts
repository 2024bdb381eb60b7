import { sha256Base64url as platformSha256Base64url } from '#platform';

/** base64url of the SHA-256 of octets, or of a string's UTF-8 form; 43 characters. */
export function sha256Base64url(data: Uint8Array | string): string | Promise<string> {
  return platformSha256Base64url(data);
}
