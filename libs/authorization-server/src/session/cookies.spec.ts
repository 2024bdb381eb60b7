import { describe, expect, it } from '@jest/globals';
import { freshSecret } from '../server/secrets.js';
import { browserCookie, readCookie, sessionCookie, setCookie } from './cookies.js';

const secret = freshSecret('session');
const pair = `__Host-keybound-session=${secret}`;

describe('the cookies of the server', () => {
  it('AS-26 THR-57 bind the session to this host, to TLS, and to nobody else', () => {
    expect(setCookie(sessionCookie, 'value')).toEqual([
      'set-cookie',
      '__Host-keybound-session=value; Path=/; Secure; HttpOnly; SameSite=Lax',
    ]);
  });

  it('AS-22 AS-27 THR-57 bind the browser of an interaction as well, for as long, and no other', () => {
    const cookie = browserCookie('0123456789abcdefghijk');
    const [, field] = setCookie(cookie, 'value', 600);
    expect(field).toBe(
      '__Host-keybound-browser-0123456789abcdef=value; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax',
    );
    const other = browserCookie('A'.repeat(43));
    const pairs = [cookie, other].map(({ name }) => `${name}=${freshSecret('browser')}`);
    expect(readCookie(other, [pairs.join('; ')])).toBe(pairs[1]?.split('=')[1]);
  });

  it.each([
    ['alone', [pair]],
    ['among others', [`a=1; ${pair}; b=__Host-keybound-session`]],
    ['on a field line of its own', ['a=1', pair]],
    ['without blanks', [`a=1;${pair};b=2`]],
  ])('AS-26 are read %s', (_name, fields) => {
    expect(readCookie(sessionCookie, fields)).toBe(secret);
  });

  it.each([
    ['none is there', []],
    ['the field is empty', ['']],
    ['it came twice', [`${pair}; ${pair}`]],
    ['it came twice with different values', [`${pair}; __Host-keybound-session=x`]],
    ['it came on two lines', [pair, pair]],
    ['it has another prefix', [`keybound-session=${secret}`]],
    ['it has another case', [`__host-keybound-session=${secret}`]],
    ['its name is the end of another', [`x${pair}`]],
    ['it is quoted', [`__Host-keybound-session="${secret}"`]],
    ['it is too short', [pair.slice(0, -1)]],
    ['it is too long', [`${pair}A`]],
    ['it is another kind of secret', [`__Host-keybound-session=${freshSecret('browser')}`]],
    ['the field is enormous', [`${'a=1; '.repeat(4_000)}${pair}`]],
  ])('THR-57 are not read where %s', (_name, fields) => {
    expect(readCookie(sessionCookie, fields)).toBeUndefined();
  });
});
