import { describe, expect, it } from '@jest/globals';
import { challengeOf } from './challenge-of.js';

const parametersOf = (text: string, scheme: string) => {
  const found = challengeOf(new Response(null, { headers: { 'www-authenticate': text } }), scheme);
  return found && Object.fromEntries(found);
};

describe('challengeOf (RFC 9110 §11.6.1)', () => {
  it.each([
    ['DPoP', {}],
    [
      'dPOP algs="ES256 EdDSA", error="use_dpop_nonce"',
      { algs: 'ES256 EdDSA', error: 'use_dpop_nonce' },
    ],
    ['Bearer, DPoP error=invalid_token', { error: 'invalid_token' }],
    ['Negotiate abc==, DPoP a="1"', { a: '1' }],
    ['Bearer realm="a, DPoP error=\\"x\\"", DPoP a = "1" , b=2', { a: '1', b: '2' }],
    ['DPoP Error="1", error="2"', { error: '1' }],
    [', ,DPoP a="1",, b="\\"q\\""', { a: '1', b: '"q"' }],
    ['PoP nonce="n", DPoP a="1", Bearer b="2"', { a: '1' }],
  ])('reads %s', (text, parameters) => {
    expect(parametersOf(text, 'dpop')).toEqual(parameters);
  });

  it.each(['', 'Bearer realm="x"', 'Bearer realm="DPoP a=1"', '"', '=a, DPoP a=1', 'a="1"'])(
    'finds none in %s',
    (text) => {
      expect(parametersOf(text, 'dpop')).toBeUndefined();
    },
  );
});
