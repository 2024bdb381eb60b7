import { describe, expect, it } from '@jest/globals';
import { seconds } from '@keybound/core';
import { T0 } from '@keybound/testing';
import { checkObjectTime, objectTimes } from './check-object-time.js';
import type { RequestObjectClaims } from './request-object-claims.schema.js';

const claims: RequestObjectClaims = { iss: 'c', aud: 'a', client_id: 'c', exp: T0 + 300 };

describe('when a request object is in force', () => {
  it.each([
    ['its last second', { exp: T0 - 9 }],
    ['a beginning 10 s ahead', { nbf: T0 + 10 }],
    ['an issue 10 s ahead', { iat: T0 + 10 }],
    ['60 minutes from nbf', { nbf: T0, exp: T0 + 3_600 }],
    ['60 minutes from iat', { iat: T0, exp: T0 + 3_600 }],
    ['60 minutes from now', { exp: T0 + 3_600 }],
    ['nbf, which goes before iat', { iat: T0 - 3_600, nbf: T0, exp: T0 + 300 }],
  ])('AS-47 takes %s', (_what, own) => {
    expect(checkObjectTime({ ...claims, ...own }, T0)).toMatchObject({ ok: true });
  });

  it.each([
    ['the second after its last', { exp: T0 - 10 }],
    ['a beginning 11 s ahead', { nbf: T0 + 11 }],
    ['an issue 11 s ahead', { iat: T0 + 11 }],
    ['one second more from nbf', { nbf: T0, exp: T0 + 3_601 }],
    ['one second more from iat', { iat: T0, exp: T0 + 3_601 }],
    ['one second more from now', { exp: T0 + 3_601 }],
  ])('AS-47 refuses %s', (_what, own) => {
    expect(checkObjectTime({ ...claims, ...own }, T0)).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-47', error: 'invalid_request_object' },
    });
  });

  it('AS-50 is remembered until it could no longer be accepted', () => {
    const { until: end } = objectTimes(claims);
    expect(end).toBe(T0 + 310);
    expect(checkObjectTime({ ...claims, nbf: T0 }, end)).toMatchObject({ ok: false });
  });

  it.each([
    ['neither iat nor nbf', {}, T0 + 300 - 3_600],
    ['iat', { iat: T0 - 60 }, T0 - 70],
    ['nbf', { nbf: T0 - 60 }, T0 - 70],
    ['nbf after iat', { iat: T0 - 60, nbf: T0 }, T0 - 10],
    ['iat after nbf', { iat: T0, nbf: T0 - 60 }, T0 - 10],
  ])('THR-68 knows the first second of an object with %s', (_what, own, since) => {
    const object = { ...claims, ...own };
    expect(objectTimes(object).since).toBe(since);
    expect(checkObjectTime(object, seconds(since)).ok).toBe(true);
    expect(checkObjectTime(object, seconds(since - 1)).ok).toBe(false);
  });
});
