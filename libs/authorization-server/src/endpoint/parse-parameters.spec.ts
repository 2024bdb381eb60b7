import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DecodedParameters } from './decoded-parameters.js';
import { parseParameters } from './parse-parameters.js';

function parsed(text: string) {
  const result = parseParameters(text);
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

function refusal(text: string) {
  const result = parseParameters(text);
  return result.ok ? undefined : [result.failure.requirement, result.failure.error];
}

describe('parseParameters', () => {
  it('AS-60 reads a form', () => {
    const parameters = parsed('grant_type=authorization_code&code=a%2Fb+c');
    expect(parameters.one('grant_type')).toBe('authorization_code');
    expect(parameters.one('code')).toBe('a/b c');
    expect([...parameters.names()]).toEqual(['grant_type', 'code']);
  });

  it('AS-60 takes an empty value for none', () => {
    const parameters = parsed('scope=&state&nonce=n');
    expect(parameters.one('scope')).toBeUndefined();
    expect(parameters.all('state')).toEqual([]);
    expect([...parameters.names()]).toEqual(['nonce']);
  });

  it('AS-275 THR-35 keeps repetitions apart, equal, empty or different', () => {
    const parameters = parsed('a=1&a=1&b=1&b=&c=1&resource=x&resource=y');
    expect([...parameters.repeated]).toEqual(['a', 'b', 'resource']);
    expect(parameters.all('resource')).toEqual(['x', 'y']);
    expect(parameters.one('a')).toBe('1');
  });

  it('AS-275 THR-35 sees a repetition through an escaped name', () => {
    expect([...parsed('code=1&c%6fde=2').repeated]).toEqual(['code']);
  });

  it('THR-35 takes brackets and semicolons for text', () => {
    const parameters = parsed('code[$ne]=a&a[]=1&a[]=2&x=1;y=2');
    expect([...parameters.names()]).toEqual(['code[$ne]', 'a[]', 'x']);
    expect(parameters.one('code')).toBeUndefined();
    expect(parameters.one('x')).toBe('1;y=2');
    expect(parameters.one('y')).toBeUndefined();
  });

  it('THR-35 splits a pair at its first equals sign', () => {
    expect(parsed('a=b=c').one('a')).toBe('b=c');
  });

  it('THR-34 knows no name that was not sent', () => {
    const names = ['__proto__', 'constructor', 'toString', 'then', 'hasOwnProperty'];
    const none = parsed('a=1');
    const all = parsed(names.map((name) => `${name}=v`).join('&'));
    for (const name of names) {
      expect(none.one(name)).toBeUndefined();
      expect(none.all(name)).toEqual([]);
      expect(all.one(name)).toBe('v');
    }
    expect(parsed('__proto__[x]=1').one('__proto__')).toBeUndefined();
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each([
    ['a lone per cent sign', 'a=%'],
    ['half a triplet', 'a=%4'],
    ['a triplet of other digits', 'a=%zz'],
    ['a triplet of full-width digits', 'a=%４１'],
    ['an octet that is not UTF-8', 'a=%FF'],
    ['an overlong form', 'a=%C0%AF'],
    ['an encoded surrogate', 'a=%ED%A0%80'],
    ['a code point beyond Unicode', 'a=%F5%80%80%80'],
    ['U+0000', 'a=x%00y'],
    ['U+0000 in a name', 'a%00=y'],
    ['a malformed name', '%=y'],
  ])('THR-35 refuses %s', (_what, text) => {
    expect(refusal(text)).toEqual(['THR-35', 'invalid_request']);
    expect(refusal(`b=1&${text}&c=1`)).toEqual(['THR-35', 'invalid_request']);
  });

  it('AS-274 takes 100 parameters and refuses the 101st', () => {
    const pairs = Array.from({ length: 101 }, (_, at) => `p${at}=v`);
    expect([...parsed(pairs.slice(0, 100).join('&')).names()]).toHaveLength(100);
    expect(refusal(pairs.join('&'))).toEqual(['AS-274', 'invalid_request']);
  });

  it('AS-274 counts repetitions and empty values, and not what stands between two ampersands', () => {
    expect(refusal('a&'.repeat(101))).toEqual(['AS-274', 'invalid_request']);
    expect(parsed(`${'&'.repeat(500)}a=1`).one('a')).toBe('1');
  });

  it('AS-274 takes 64 KiB and refuses one more', () => {
    expect(parsed(`a=${'x'.repeat(65_534)}`).one('a')).toHaveLength(65_534);
    expect(refusal(`a=${'x'.repeat(65_535)}`)).toEqual(['AS-274', 'content_too_large']);
  });

  it('THR-72 THR-74 looks at every octet of the longest text a bounded number of times', () => {
    for (const unit of ['a', '%', '+', '=', '&', ';', '[', '%41', '&a', '=&']) {
      const text = `${unit.repeat(Math.floor(65_000 / unit.length))}!`;
      expect([true, false]).toContain(parseParameters(text).ok);
    }
  });

  it('AS-60 AS-275 reads back whatever URLSearchParams writes', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((each) => !each.includes('\0'));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 50 }), (pairs) => {
        const expected = new DecodedParameters(pairs);
        const actual = parsed(new URLSearchParams([...pairs]).toString());
        expect([...actual.names()]).toEqual([...expected.names()]);
        expect(actual.repeated).toEqual(expected.repeated);
        for (const name of expected.names()) expect(actual.all(name)).toEqual(expected.all(name));
      }),
    );
  });

  it('INV-1 THR-35 answers any text, and reads what it accepts as URLSearchParams does', () => {
    const odd = fc.constantFrom(
      'a',
      '=',
      '&',
      '%',
      '+',
      ';',
      '[',
      ']',
      '%41',
      '%C3%A9',
      '%FF',
      'é',
    );
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 30 }), (units) => {
        const text = units.join('');
        const result = parseParameters(text);
        if (!result.ok) return;
        const other = new URLSearchParams(text);
        for (const name of result.value.names()) {
          expect(result.value.all(name)).toEqual(other.getAll(name).filter((each) => each !== ''));
        }
      }),
    );
  });
});
