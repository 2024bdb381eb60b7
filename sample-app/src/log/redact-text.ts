/** Fields that hold secrets, whatever stands in them. */
export const secretFields: readonly string[] = [
  'access_token',
  'authorization',
  'client_assertion',
  'client_secret',
  'code_verifier',
  'cookie',
  'dpop',
  'id_token',
  'password',
  'refresh_token',
  'registration_access_token',
  'secret',
  'set-cookie',
  'token',
  'tx_code',
];

const gone = '[redacted]';

/** Shorter ones stand in too many words. In the URL of a store they are found by its shape. */
const shortestSearched = 8;

/** As JSON writes it. */
const stringLiteral = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Where a word begins; in JSON, what ends the line before it is a letter. */
const begin = String.raw`(?:\b|(?<=\\[bfnrt])|(?<=\\u[\da-f]{4}))`;
/** Between a name and its value, in a header, an object or JSON; it ends before another escape. */
const quote = String.raw`(?:(?:\\(?:\\\\)?)?["'])?`;
const colon = String.raw`${quote}\s{0,4}:\s{0,4}${quote}`;

// Each stops at a quote or a backslash, so that a line of JSON stays one.
const redactions: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"'\\]+@/gi, `$1${gone}@`],
  // To its end, or as far as it goes where it was cut off.
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[\w+/=\s:,-]|\\{1,3}[nrt])*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?![\w+/=\s:,-]|\\{1,3}[nrt]))/g,
    gone,
  ],
  [
    new RegExp(
      String.raw`${begin}(Bearer|Basic|DPoP|PoP|HTTPSig)(?:\s|\\{1,3}[nrt])+[\w.~+/-]{16,}=*`,
      'gi',
    ),
    `$1 ${gone}`,
  ],
  [
    new RegExp(String.raw`${begin}((?:authorization|(?:set-)?cookie)${colon})[^"'\\\r\n]+`, 'gi'),
    `$1${gone}`,
  ],
  // Forms and queries.
  [
    new RegExp(
      String.raw`${begin}(${[...secretFields, 'code', 'csrf'].join('|')})=[^&\s"'\\]+`,
      'gi',
    ),
    `$1=${gone}`,
  ],
  // What the authorization server mints, by the prefix of its kind; also where a text was cut off.
  [
    new RegExp(
      String.raw`${begin}(code|rt|at|reg|secret|interaction|ticket|session|browser)_(?:[\w-]{16,}|[\w-]+(?=…))`,
      'g',
    ),
    `$1_${gone}`,
  ],
  // Of private and symmetric JWKs.
  [new RegExp(String.raw`${begin}([dk]${colon})[\w-]{20,}`, 'g'), `$1${gone}`],
  // JWTs, whole or in part, and whatever else is as long as one.
  [/eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, gone],
  [/[\w~+-]{64,}=*/g, gone],
];

/**
 * Takes out of a log line what looks like a secret. THR-76.
 *
 * The last of several nets: what is logged should hold none, and this does not know one that looks
 * like a word, such as a password.
 *
 * @param known Secrets that the caller knows, to the letter; those of eight characters or more are found.
 */
export function redactText(line: string, known: readonly string[] = []): string {
  let text = without(known, line);
  for (const [pattern, replacement] of redactions) text = text.replace(pattern, replacement);
  return text;
}

/** The same for a line of JSON, which stays one: what is known is looked for in its strings alone. */
export function redactJson(line: string, known: readonly string[]): string {
  const safe = line.replace(stringLiteral, (literal) =>
    JSON.stringify(without(known, JSON.parse(literal) as string)),
  );
  return redactText(safe);
}

function without(known: readonly string[], text: string): string {
  const searched = known.filter(({ length }) => length >= shortestSearched);
  return searched.reduce((rest, secret) => rest.replaceAll(secret, gone), text);
}
