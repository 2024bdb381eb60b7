import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type JsonObject, type Rejection } from '@keybound/core';
import {
  authorizationForm,
  authorizeWith as authorize,
  pushWith as push,
  sentToClient,
  testPlugIn,
  testServer,
  waitingRequest as kept,
} from '@keybound/testing';
import { z } from 'zod';
import type {
  AuthorizationRequestDraft,
  AuthorizationRequestValidator,
} from '../extension/authorization-request.js';

const tooFar: Rejection = {
  code: 'tested.too_far',
  requirement: 'TEST-1',
  rule: 'no further than this',
  error: 'access_denied',
  detail: {},
};

function validator(own: Partial<AuthorizationRequestValidator>): AuthorizationRequestValidator {
  return { name: 'tested', validate: () => Promise.resolve(accept({})), ...own };
}

describe('validators of authorization requests', () => {
  const slot = { name: 'tested.kept', schema: z.string(), maxBytes: 16 };
  const keeping = (slots: JsonObject) =>
    testPlugIn('tested', {
      recordSlots: [slot],
      authorizationRequestValidators: [
        validator({ validate: () => Promise.resolve(accept(slots as Record<string, string>)) }),
      ],
    });

  it('AS-14 see what counts, at both endpoints, and may refuse it', async () => {
    const seen: AuthorizationRequestDraft[] = [];
    const strict = validator({
      validate(draft) {
        seen.push(draft);
        const refused = draft.parameters.one('issuer_state') === 'bad';
        return Promise.resolve(refused ? refuse(tooFar) : accept({}));
      },
    });
    const test = await testServer({}, [
      testPlugIn('tested', { authorizationRequestValidators: [strict] }),
    ]);
    expect(await kept(test, await authorize(test))).toMatchObject({ slots: {} });
    expect((await push(test, { issuer_state: 'good' })).status).toBe(201);
    expect(
      seen.map(({ endpoint, client, request }) => [endpoint, client.id, request.state]),
    ).toEqual([
      ['authorization', 'public-1', 'state-1'],
      ['pushed_authorization_request', 'public-1', 'state-1'],
    ]);
    expect(sentToClient(await authorize(test, { issuer_state: 'bad' }))).toMatchObject({
      error: 'access_denied',
    });
    const pushed = await push(test, { issuer_state: 'bad' });
    expect([pushed.status, pushed.json]).toEqual([400, { error: 'access_denied' }]);
  });

  it('AS-02 have their own parameters come only once, where they say which', async () => {
    const reads = testPlugIn('tested', {
      authorizationRequestValidators: [validator({ parameters: ['issuer_state'] })],
    });
    const test = await testServer({}, [reads]);
    const query = `${authorizationForm()}&issuer_state=a&issuer_state=b`;
    expect(sentToClient(await test.send({ url: `/authorize?${query}` }))).toMatchObject({
      error: 'invalid_request',
    });
    const without = await testServer();
    expect(await kept(without, await without.send({ url: `/authorize?${query}` }))).toBeDefined();
  });

  it('THR-13 keep what fits their slot', async () => {
    const test = await testServer({}, [keeping({ 'tested.kept': 'x'.repeat(14) })]);
    expect((await kept(test, await authorize(test))).slots).toEqual({
      'tested.kept': 'x'.repeat(14),
    });
  });

  it.each([
    ['too long', { 'tested.kept': 'x'.repeat(15) }],
    ['of another shape', { 'tested.kept': 7 }],
  ])('THR-13 keep nothing that is %s', async (_what, slots) => {
    const test = await testServer({}, [keeping(slots)]);
    expect(sentToClient(await authorize(test))).toMatchObject({ error: 'invalid_request' });
    expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'THR-13' });
  });

  it('INV-9 may use no slot that nobody declared', async () => {
    const test = await testServer({}, [keeping({ 'other.slot': 'x' })]);
    await expect(authorize(test)).rejects.toThrow(TypeError);
  });
});
