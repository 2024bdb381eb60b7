import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyDepth, headerDepth, parseJson, parseJsonObject, parseJsonText } from './parse-json.js';

const parse = (text: string, depth = bodyDepth) => parseJson(Buffer.from(text), depth);

describe('parseJson', () => {
  it('reads what JSON.parse reads, member for member', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        const hasLoneSurrogate = /\\ud[89a-f]/.test(text);
        expect(parse(text)).toEqual(hasLoneSurrogate ? undefined : JSON.parse(text));
      }),
      { seed: 20_261_122 },
    );
  });

  it('THR-06 agrees with JSON.parse about the syntax of any text', () => {
    const bits = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '1',
      'e',
      '"a"',
      '"b"',
      'null',
      ' ',
      '-',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const ours = parse(text);
        if (ours !== undefined) expect(ours).toEqual(JSON.parse(text));
      }),
      { seed: 20_261_122, numRuns: 5_000 },
    );
  });

  const twice: readonly (readonly [string, string])[] = [
    ['plainly', '{"a":1,"a":1}'],
    ['escaped once', '{"a":1,"\\u0061":1}'],
    ['deep inside', '[{"x":[{"a":1,"b":{},"a":2}]}]'],
    ['after an object of its own', '{"a":{"a":1},"a":2}'],
    ['as __proto__', '{"__proto__":1,"__proto__":2}'],
    ['empty', '{"":1,"":2}'],
  ];
  it.each(twice)('THR-06 refuses a member that occurs twice: %s', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('takes the same name in different objects, and as a value', () => {
    const text = '{"a":{"a":["a","a",{"a":"a"}]},"b":"a"}';
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([headerDepth, bodyDepth])('THR-06 takes nesting of %d and refuses one more', (depth) => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(parse(nested(depth), depth)).toBeDefined();
    expect(parse(nested(depth + 1), depth)).toBeUndefined();
    expect(parse(nested(10_000), depth)).toBeUndefined();
    expect(parse('{"a":'.repeat(10_000), depth)).toBeUndefined();
  });

  it('takes any number of brackets within a string', () => {
    expect(parse(JSON.stringify('['.repeat(1_000)))).toBe('['.repeat(1_000));
  });

  const overflowing = [
    '1e400',
    '-1E+400',
    '1e0400',
    '1'.repeat(400),
    `1${'0'.repeat(298)}e99`,
    '9.9e999',
  ];
  it.each(overflowing)('THR-06 refuses a number that overflows: %s', (number) => {
    expect(parse(`{"a":[${number}]}`)).toBeUndefined();
  });

  it.each(['1e308', '1e-400', '1'.repeat(300), '0.1', '-0'])('takes the number %s', (number) => {
    expect(parse(number)).toBe(Number(number));
  });

  const surrogates = ['"\\ud800"', '"\\udc00"', '"\\uDC00\\uD800"', '{"\\ud800":1}', '"a\\ud83dz"'];
  it.each(surrogates)('THR-06 refuses a lone surrogate: %s', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('takes a pair of surrogates, escaped or not', () => {
    expect(parse('"\\ud83d\\ude00"')).toBe('😀');
    expect(parse('"😀"')).toBe('😀');
  });

  const octets: readonly (readonly [string, Uint8Array])[] = [
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['UTF-16 LE', Buffer.from('{}', 'utf16le')],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a continuation octet alone', Buffer.from([0x22, 0x80, 0x22])],
    ['a cut sequence', Buffer.from([0x22, 0xe2, 0x82])],
    ['nothing', Buffer.alloc(0)],
  ];
  it.each(octets)('THR-06 refuses %s', (_name, bytes) => {
    expect(parseJson(bytes, bodyDepth)).toBeUndefined();
  });

  it('THR-34 keeps __proto__ a plain member', () => {
    const value = parseJsonText('{"__proto__":{"x":1}}', bodyDepth);
    expect(Object.getPrototypeOf(value)).toBe(Object.getPrototypeOf(JSON.parse('{}')));
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('parseJsonObject takes objects alone', () => {
    for (const text of ['[]', 'null', '1', '"x"', 'true']) {
      expect(parseJsonObject(Buffer.from(text), bodyDepth)).toBeUndefined();
    }
    expect(parseJsonObject(Buffer.from('{}'), bodyDepth)).toEqual({});
  });
});
