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

/** What cannot be decoded stands for itself. */
function formDecode(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return raw;
    throw error;
  }
}
