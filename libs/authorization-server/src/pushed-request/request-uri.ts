import { randomBase64url } from '../server/secrets.js';

const prefix = 'urn:ietf:params:oauth:request_uri:';
const longest = prefix.length + 43;

/** The name of a pushed request: 256 random bits. RFC 9126 §2.2, §7.1. */
export function freshRequestUri(): string {
  return prefix + randomBase64url(32);
}

/** Whether it can only have come from a pushed request, here or nowhere. */
export function isRequestUri(text: string): boolean {
  return text.startsWith(prefix);
}

/** Whether it has the form that is handed out here; nothing else is looked up. */
export function isOurRequestUri(text: string): boolean {
  return text.length === longest && isRequestUri(text);
}
