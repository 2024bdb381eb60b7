const parameter =
  /[ \t,]*([!#$%&'*+\-.^_`|~\w]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|([!#$%&'*+\-.^_`|~\w]+))[ \t]*(?=,|$)/y;

/** Parameters by name in lower case, and the position behind the last of them. */
export interface AuthParameters {
  readonly parameters: ReadonlyMap<string, string>;
  readonly end: number;
}

/** Reads a list of auth-params as far as it goes; of a repeated one the first. RFC 9110 §11.2. */
export function readAuthParameters(text: string, start = 0): AuthParameters {
  const parameters = new Map<string, string>();
  let end = start;
  for (;;) {
    parameter.lastIndex = end;
    const match = parameter.exec(text);
    if (match === null) return { parameters, end };
    end = parameter.lastIndex;
    const [, name = '', quoted, token = ''] = match;
    const value = quoted?.replace(/\\([^])/g, '$1') ?? token;
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
}
