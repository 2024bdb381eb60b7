import { describe, expect, it } from '@jest/globals';
import { mergeMembers } from './merge-members.js';

describe('mergeMembers', () => {
  it('AS-200 makes one list of two, without duplicates', () => {
    expect(mergeMembers([{ a: ['x', 'y'] }, { a: ['y', 'z'], b: 1 }])).toEqual({
      a: ['x', 'y', 'z'],
      b: 1,
    });
  });

  it('AS-200 OIDC-11 leaves out empty lists and what is not there', () => {
    expect(mergeMembers([{ a: [], b: undefined, c: false }, { a: [] }])).toEqual({ c: false });
  });

  it('AS-201 believes whoever speaks first', () => {
    expect(
      mergeMembers([{ token_endpoint: 'https://a' }, { token_endpoint: 'https://b' }]),
    ).toEqual({ token_endpoint: 'https://a' });
    expect(mergeMembers([{ flag: false }, { flag: ['true'] }])).toEqual({ flag: false });
  });

  it('AS-200 adds nothing to the lists that are settled', () => {
    const own = { response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] };
    const added = {
      response_types_supported: ['token'],
      code_challenge_methods_supported: ['plain'],
    };
    expect(mergeMembers([own, added])).toEqual(own);
  });
});
