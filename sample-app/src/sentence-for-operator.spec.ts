import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { sentenceForOperator } from './sentence-for-operator.js';

const refused = new Error('connect ECONNREFUSED 127.0.0.1:5432');

describe('what an operator is told who cannot start the app', () => {
  it.each([
    [
      'settings that do not fit',
      new ConfigurationError('PORT: must be one.'),
      'PORT: must be one.',
    ],
    [
      'a folder that cannot be made',
      new ConfigurationError('The folder x cannot be made.', { cause: new Error('EROFS') }),
      'The folder x cannot be made: EROFS',
    ],
    [
      'a store that is away',
      new StoreUnavailableError('The database cannot answer now.', { cause: refused }),
      'The sample app cannot start: The database cannot answer now: connect ECONNREFUSED 127.0.0.1:5432',
    ],
    [
      'a store that is away at all of its addresses',
      new StoreUnavailableError('Away.', { cause: new AggregateError([refused, refused]) }),
      'The sample app cannot start: Away: connect ECONNREFUSED 127.0.0.1:5432',
    ],
    [
      'a store that does not say why',
      new StoreUnavailableError('Away.'),
      'The sample app cannot start: Away.',
    ],
    [
      'a disk that is full',
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
      'ENOSPC: no space left on device, write',
    ],
    [
      'a disk that cannot be written to',
      Object.assign(new Error("EROFS: read-only file system, open '/x'"), { code: 'EROFS' }),
      "EROFS: read-only file system, open '/x'",
    ],
  ])('THR-66 is a sentence: %s', (_what, error, sentence) => {
    expect(sentenceForOperator(error)).toBe(sentence);
  });

  it.each([
    ['a bug', new TypeError('x is not a function')],
    [
      'an error of the system that is no matter of settings',
      Object.assign(new Error('x'), { code: 'EPIPE' }),
    ],
    ['what is no error', 'x'],
  ])('is not a sentence alone for %s', (_what, error) => {
    expect(sentenceForOperator(error)).toBeUndefined();
  });
});
