import { accept, refuse, type Result } from '../errors/result.js';
import { splitHttpUrl } from '../http/http-url.js';

/** What somebody asks about. RFC 7033 §4.1, RFC 7565 §7. */
export type WebFingerResource =
  | {
      readonly kind: 'account';
      /** Decoded. */
      readonly user: string;
      /** Lower case, with its port where it has one. */
      readonly host: string;
    }
  /** `user` is what stands before the host, decoded, or the only segment of the path. */
  | { readonly kind: 'url'; readonly origin: string; readonly user: string | undefined }
  /** A URI of which nobody here knows anything. */
  | { readonly kind: 'other' };

const maxLength = 2_048;
const uri = /^[a-z][a-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/i;
const account = /^acct:([^@/?#]+)@([^@/?#]+)$/i;
const httpUrl = /^(https?:\/\/)(?:([^@/?#]*)@)?([^@/?#]+)(\/[^?#]*)?$/i;

/** Takes the `resource` of a query apart. OIDC-05. */
export function parseWebFingerResource(text: string): Result<WebFingerResource, 'not a URI'> {
  if (text.length > maxLength || !uri.test(text)) return refuse('not a URI');
  const [, name, host] = account.exec(text) ?? [];
  if (name !== undefined && host !== undefined) {
    const user = decode(name);
    return accept(
      user === undefined ? { kind: 'other' } : { kind: 'account', user, host: host.toLowerCase() },
    );
  }
  return accept(urlResource(text));
}

function urlResource(text: string): WebFingerResource {
  const [, scheme = '', before, authority = '', path = '/'] = httpUrl.exec(text) ?? [];
  const url = splitHttpUrl(scheme + authority);
  if (url === undefined) return { kind: 'other' };
  const segment = path.slice(1);
  if (before !== undefined && segment !== '') return { kind: 'other' };
  if (segment.includes('/')) return { kind: 'other' };
  const named = before ?? (segment === '' ? undefined : segment);
  const user = named === undefined ? undefined : decode(named);
  if (named !== undefined && user === undefined) return { kind: 'other' };
  return { kind: 'url', origin: url.origin, user };
}

/** Undefined for what names nobody; databases do not take U+0000 in a text (THR-35). */
function decode(part: string): string | undefined {
  try {
    const decoded = decodeURIComponent(part);
    return decoded === '' || decoded.includes('\0') ? undefined : decoded;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
