/** A name or a literal address of the machine itself. RFC 6761 §6.3, RFC 8252 §8.3. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}
