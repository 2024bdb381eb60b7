import { describe, expect, it } from '@jest/globals';
import { requireTokenType } from './require-token-type.js';
import { UnusableTokenError } from './unusable-token-error.js';

describe.each([
  ['DPOP-42', 'DPoP', ['DPoP', 'dpop', 'DPOP'], 'pop'],
  ['KD-18', 'pop', ['pop', 'PoP'], 'DPoP'],
] as const)('requireTokenType, %s', (requirement, expected, spellings, other) => {
  it.each(spellings)(`${requirement} takes %s`, (type) => {
    expect(requireTokenType({ token_type: type }, expected)).toBe(expected);
  });

  it.each(['Bearer', 'bearer', other, 'mac', '', ` ${expected}`, undefined, 7, [expected]])(
    `${requirement} refuses %j`,
    (type) => {
      expect(() => requireTokenType({ token_type: type }, expected)).toThrow(UnusableTokenError);
    },
  );

  it(`${requirement} takes Bearer where a downgrade is allowed, and nothing else`, () => {
    const demand = { downgrade: 'allowed' } as const;
    expect(requireTokenType({ token_type: 'bearer' }, expected, demand)).toBe('Bearer');
    expect(() => requireTokenType({ token_type: other }, expected, demand)).toThrow(
      UnusableTokenError,
    );
  });
});
