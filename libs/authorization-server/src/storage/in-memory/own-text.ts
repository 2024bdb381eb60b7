/** Shorter ones engines copy by themselves. */
const shortestPart = 13;
const oneOctetEach = /^[\0-\u{ff}]*$/u;

/**
 * The same text in memory of its own. A part of a longer text keeps all of it in memory: a request of
 * 64 KiB would stay for the few characters of it that are stored. THR-73.
 */
export function ownText(text: string): string {
  if (text.length < shortestPart) return text;
  const encoding = oneOctetEach.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
