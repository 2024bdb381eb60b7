import { expect, it } from '@jest/globals';
import { ownText } from './own-text.js';

it.each([
  ['nothing', ''],
  ['a short one', 'short'],
  ['ASCII', 'a longer text of ASCII'],
  ['Latin-1', 'ein längerer Text, ÿ und \0'],
  ['other scripts', 'παραμένει το ίδιο 🔑🔑🔑'],
  ['half a surrogate pair', 'half a pair: \ud83d, and \udd11'],
])('THR-73 AS-270 keeps every character of a text: %s', (_what, text) => {
  expect(ownText(text)).toBe(text);
});
