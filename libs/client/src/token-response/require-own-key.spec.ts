import { describe, expect, it } from '@jest/globals';
import { clientKey, jkt, otherKey, publicPart, signerFor, thumbprint } from '@keybound/testing';
import { requireOwnKey } from './require-own-key.js';
import { UnusableTokenError } from './unusable-token-error.js';

describe('requireOwnKey (RFC 9201 §3.2)', () => {
  it.each([
    ['no cnf', undefined],
    ['the key', { jwk: publicPart(clientKey) }],
    ['its thumbprint', { jkt }],
  ])('KD-18 takes a response with %s', async (_, cnf) => {
    await expect(requireOwnKey({ cnf }, await signerFor(clientKey))).resolves.toBeUndefined();
  });

  it.each([
    ['another key', { jwk: publicPart(otherKey) }],
    ['another key beside the thumbprint', { jwk: publicPart(otherKey), jkt }],
    ['another thumbprint', { jkt: thumbprint(otherKey) }],
    [
      'another thumbprint beside the key',
      { jwk: publicPart(clientKey), jkt: thumbprint(otherKey) },
    ],
    ['a private key', { jwk: clientKey }],
    ['a name', { kid: 'a' }],
    ['nothing', {}],
    ['null', null],
    ['text', 'jkt'],
  ])('KD-18 refuses a response with %s', async (_, cnf) => {
    const outcome = requireOwnKey({ cnf }, await signerFor(clientKey));
    await expect(outcome).rejects.toThrow(UnusableTokenError);
  });
});
