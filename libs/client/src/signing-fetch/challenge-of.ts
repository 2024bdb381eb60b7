import { readAuthParameters } from './auth-parameters.js';

const scheme = /[ \t,]*([!#$%&'*+\-.^_`|~\w]+)(?:[ \t]+|(?=,)|$)/y;
const token68 = /[A-Za-z0-9\-._~+/]+=*[ \t]*(?=,|$)/y;

/**
 * The parameters of a response's challenge of one scheme; undefined where there is none.
 * RFC 9110 §11.6.1. `fetch` joins repeated fields with commas, which also stand inside a challenge.
 *
 * @param wanted The scheme in lower case.
 */
export function challengeOf(
  response: Response,
  wanted: string,
): ReadonlyMap<string, string> | undefined {
  const text = response.headers.get('www-authenticate') ?? '';
  let position = 0;
  for (;;) {
    scheme.lastIndex = position;
    const match = scheme.exec(text);
    if (match === null) return undefined;
    token68.lastIndex = scheme.lastIndex;
    const start = token68.test(text) ? token68.lastIndex : scheme.lastIndex;
    const { parameters, end } = readAuthParameters(text, start);
    if (match[1]?.toLowerCase() === wanted) return parameters;
    position = end;
  }
}
