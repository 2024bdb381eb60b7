import { describe, expect, it } from '@jest/globals';
import { DecodedParameters } from '../endpoint/decoded-parameters.js';
import { parseClaims } from './claims-request.js';

function parse(claims: unknown) {
  const text = typeof claims === 'string' ? claims : JSON.stringify(claims);
  return parseClaims(new DecodedParameters([['claims', text]]));
}

describe('the claims parameter (OpenID Connect Core §5.5)', () => {
  it('AS-174 is none where none is sent', () => {
    expect(parseClaims(new DecodedParameters([]))).toEqual({ ok: true, value: undefined });
  });

  it('AS-174 takes each form', () => {
    const outcome = parse({
      userinfo: { given_name: { essential: true }, nickname: null, 'http://example/x': null },
      id_token: {
        auth_time: { essential: true },
        acr: { essential: true, values: ['urn:a', 'urn:b'] },
        sub: { value: 'alice' },
        level: { value: 3 },
        email_verified: { values: [true, false] },
      },
    });
    expect(outcome).toEqual({
      ok: true,
      value: {
        userinfo: {
          given_name: { essential: true, values: undefined },
          nickname: { essential: false, values: undefined },
          'http://example/x': { essential: false, values: undefined },
        },
        id_token: {
          auth_time: { essential: true, values: undefined },
          acr: { essential: true, values: ['urn:a', 'urn:b'] },
          sub: { essential: false, values: ['alice'] },
          level: { essential: false, values: [3] },
          email_verified: { essential: false, values: [true, false] },
        },
      },
    });
  });

  it('AS-174 ignores members that nobody knows', () => {
    const outcome = parse({
      elsewhere: [1],
      userinfo: { name: { purpose: 'x', essential: false } },
    });
    expect(outcome).toEqual({
      ok: true,
      value: { userinfo: { name: { essential: false, values: undefined } }, id_token: {} },
    });
  });

  it('AS-174 takes as much as its bounds allow', () => {
    const names = Array.from({ length: 100 }, (_, at) => [`claim-${String(at)}`, null] as const);
    expect(parse({ userinfo: Object.fromEntries(names) })).toMatchObject({ ok: true });
    expect(parse(`{}${' '.repeat(8_190)}`)).toMatchObject({ ok: true });
  });

  const bad: readonly (readonly [string, unknown])[] = [
    ['a list', []],
    ['a string', '"userinfo"'],
    ['no JSON', '{'],
    ['JSON followed by more', '{}{}'],
    ['U+0000', '{"id_token":{"sub":{"value":"a\\u0000"}}}'],
    ['a member twice', '{"userinfo":{"a":null,"a":{"essential":true}}}'],
    ['userinfo that is a list', { userinfo: ['name'] }],
    ['id_token that is a text', { id_token: 'name' }],
    ['a claim that is a text', { userinfo: { name: 'x' } }],
    ['essential that is a text', { id_token: { acr: { essential: 'true' } } }],
    ['values that are one text', { id_token: { acr: { values: 'urn:a' } } }],
    ['no value among values', { id_token: { acr: { values: [] } } }],
    ['an object among values', { id_token: { acr: { values: [{}] } } }],
    ['null as a value', { id_token: { acr: { value: null } } }],
    [
      '101 claims',
      {
        userinfo: Object.fromEntries(
          Array.from({ length: 101 }, (_, at) => [`c${String(at)}`, null]),
        ),
      },
    ],
    ['51 values', { id_token: { acr: { values: Array.from({ length: 51 }, String) } } }],
    ['a name of 257 characters', { userinfo: { ['n'.repeat(257)]: null } }],
    ['8,193 characters', `{}${' '.repeat(8_191)}`],
    ['eleven levels', `${'{"userinfo":'.repeat(11)}null${'}'.repeat(11)}`],
  ];
  it.each(bad)('AS-174 refuses %s', (_what, claims) => {
    expect(parse(claims)).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-174', error: 'invalid_request' },
    });
  });

  it('THR-34 takes names of the prototype for what they are', () => {
    const outcome = parse(
      '{"__proto__":{"userinfo":{"x":null}},"userinfo":{"__proto__":{"essential":true},"constructor":null}}',
    );
    expect(outcome).toMatchObject({ ok: true });
    if (!outcome.ok || outcome.value === undefined) return;
    expect(Object.keys(outcome.value.userinfo)).toEqual(['constructor']);
    expect(outcome.value.id_token).toEqual({});
    expect(({} as { essential?: boolean }).essential).toBeUndefined();
  });
});
