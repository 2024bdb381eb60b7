/** One parameter of a query, undecoded, with the name that an application would see. */
export interface RawParameter {
  /** The whole token between two ampersands. */
  readonly token: string;
  readonly rawName: string;
  readonly rawValue: string;
  /** Form-decoded. */
  readonly name: string;
}

/**
 * Splits a raw query as signers and verifiers must both do it: on every `&`, dropping empty tokens,
 * then on the first `=`; a bare `x` counts as `x=`. SHR-06.
 */
export function parseRawQuery(query: string | undefined): readonly RawParameter[] {
  if (query === undefined || query === '') return [];
  return query
    .split('&')
    .filter((token) => token !== '')
    .map((token) => {
      const equals = token.indexOf('=');
      const rawName = equals === -1 ? token : token.slice(0, equals);
      const rawValue = equals === -1 ? '' : token.slice(equals + 1);
      return { token, rawName, rawValue, name: formDecode(rawName) };
    });
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const escapes = /(?:%[0-9A-Fa-f]{2})+/g;

/** Decodes as forms are decoded, and never fails: what is no escape stands for itself. */
export function formDecode(raw: string): string {
  if (!raw.includes('%') && !raw.includes('+')) return raw;
  return raw.replaceAll('+', ' ').replace(escapes, (run) => {
    const octets = run.slice(1).split('%');
    return utf8.decode(Uint8Array.from(octets, (octet) => Number.parseInt(octet, 16)));
  });
}
