/** A name that nobody had before, of the length of a hash in a record: 43 characters of base64url. */
export function randomName(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
}
