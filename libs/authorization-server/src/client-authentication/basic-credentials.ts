import { isUtf8 } from 'node:buffer';

/** Who a `Basic` credential names, and its secret. */
export interface BasicCredentials {
  readonly clientId: string;
  readonly secret: string;
}

const form = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

export function isBasic(authorization: string): boolean {
  return /^basic(?: |$)/i.test(authorization);
}

/**
 * Takes an `Authorization: Basic …` field apart. RFC 7617 §2; RFC 6749 §2.3.1: both parts are
 * form-urlencoded before they are put together. AS-82.
 *
 * @returns Undefined for anything malformed, and where one of the parts is empty.
 */
export function parseBasicCredentials(authorization: string): BasicCredentials | undefined {
  const encoded = form.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const octets = Buffer.from(encoded, 'base64');
  if (octets.toString('base64') !== encoded) return undefined;
  const text = octets.toString('latin1');
  const colon = text.indexOf(':');
  const clientId = formDecode(text.slice(0, colon));
  const secret = formDecode(text.slice(colon + 1));
  if (colon < 1 || clientId === undefined || secret === undefined || secret === '')
    return undefined;
  return { clientId, secret };
}

/** What is not escaped may be UTF-8 as it is: each octet is one character here. */
function formDecode(part: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(part)) return undefined;
  const raw = part
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const octets = Buffer.from(raw, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : undefined;
}
