/** One line of the hashed text: SHR §3.2. */
export function headerLine(name: string, value: string): string {
  return `${name}: ${withoutOuterBlanks(value)}`;
}

/** By index: a pattern for blanks at the end takes quadratic time over blanks that are not. */
function withoutOuterBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Field values are octets that arrive as ISO-8859-1 text. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
