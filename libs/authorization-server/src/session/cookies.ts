/** A secret that a browser keeps for this server. THR-57. */
export interface Cookie {
  readonly name: string;
  readonly shape: RegExp;
}

/** Octets of all `Cookie` fields together that are looked at. */
const maxCookieCharacters = 16_384;

/** `__Host-`: no other host, nor a page without TLS, can have set it. RFC 6265bis §4.1.3.2. */
export const sessionCookie: Cookie = {
  name: '__Host-keybound-session',
  shape: /^session_[A-Za-z0-9_-]{43}$/,
};

/**
 * Of an interaction, named after it, so that it takes no other's place: two tabs may begin at once, and a
 * form that comes from a client's site brings no cookie along that could be shared (AS-27).
 *
 * @param hash Of the interaction's identifier.
 */
export function browserCookie(hash: string): Cookie {
  return {
    name: `__Host-keybound-browser-${hash.slice(0, 16)}`,
    shape: /^browser_[A-Za-z0-9_-]{43}$/,
  };
}

/**
 * `Lax`, since browsers come from clients' sites.
 *
 * @param maxAgeSeconds Where absent, it goes with the browser, and what it names has limits of its own.
 */
export function setCookie(
  { name }: Cookie,
  value: string,
  maxAgeSeconds?: number,
): readonly [name: 'set-cookie', value: string] {
  const end = maxAgeSeconds === undefined ? '' : `Max-Age=${String(maxAgeSeconds)}; `;
  return ['set-cookie', `${name}=${value}; ${end}Path=/; Secure; HttpOnly; SameSite=Lax`];
}

/** @param fields `Cookie` as received, one for each field line. */
export function readCookie({ name, shape }: Cookie, fields: readonly string[]): string | undefined {
  const all = fields.join('; ');
  if (all.length > maxCookieCharacters) return undefined;
  const values = all
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value, ...others] = values;
  // Two of a name that only one host can set: somebody is playing, and no order makes one of them right.
  if (value === undefined || others.length > 0) return undefined;
  return shape.test(value) ? value : undefined;
}
