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
});
