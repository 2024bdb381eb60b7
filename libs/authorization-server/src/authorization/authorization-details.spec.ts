import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  authorizeWith as authorize,
  callback,
  pushWith as push,
  sentToClient,
  testPlugIn,
  testServer,
  waitingRequest as kept,
} from '@keybound/testing';
import { z } from 'zod';

describe('types of authorization_details (RFC 9396)', () => {
  interface Case {
    readonly id: string;
    readonly value?: unknown;
    readonly raw?: string;
    readonly accept?: boolean;
    readonly error?: string;
    readonly about?: string;
  }
  const file = new URL(
    '../../../../test/vectors/authorization-server/as-resource-rar-exchange.json',
    import.meta.url,
  );
  const { rar } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rar: readonly Case[] };

  const payment = z.strictObject({
    type: z.literal('payment'),
    actions: z.array(z.string()).optional(),
    note: z.string().optional(),
  });
  const payments = testPlugIn('tested', {
    authorizationDetailsTypes: [
      {
        type: 'payment',
        parse: (detail) => payment.safeParse(detail).data,
        isWithin: () => false,
      },
    ],
  });

  it.each(rar.map((each) => ({ about: 'as specified', ...each })))(
    'AS-132 [$id] $about',
    async (each) => {
      const test = await testServer({}, [payments]);
      const authorization_details = each.raw ?? JSON.stringify(each.value);
      const answer = await authorize(test, { authorization_details });
      if (each.accept === true) {
        expect((await kept(test, answer)).authorizationDetails).toEqual(each.value);
      } else {
        expect(sentToClient(answer)).toMatchObject({ error: each.error });
        const pushed = await push(test, { authorization_details });
        expect([pushed.status, pushed.json]).toEqual([400, { error: each.error }]);
      }
    },
  );

  it('AS-132 are only those that the client registered, where it registered any', async () => {
    const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'none' };
    const narrow = { ...metadata, authorization_details_types: ['other'] };
    const clients = [
      { client_id: 'public-1', metadata },
      { client_id: 'public-2', metadata: narrow },
    ];
    const other = testPlugIn('tested', {
      authorizationDetailsTypes: [
        { type: 'payment', parse: (detail) => detail, isWithin: () => false },
        { type: 'other', parse: (detail) => detail, isWithin: () => false },
      ],
    });
    const test = await testServer({ clients }, [other]);
    const authorization_details = '[{"type":"payment"}]';
    expect(await kept(test, await authorize(test, { authorization_details }))).toBeDefined();
    const refused = await authorize(test, { client_id: 'public-2', authorization_details });
    expect(sentToClient(refused)).toMatchObject({ error: 'invalid_authorization_details' });
  });

  it('AS-135 may be long where they are pushed, and not in a query', async () => {
    const test = await testServer({}, [payments]);
    const detail = { type: 'payment', note: 'x'.repeat(5_120) };
    const authorization_details = JSON.stringify([detail, detail]);
    expect((await push(test, { authorization_details })).status).toBe(201);
    expect(sentToClient(await authorize(test, { authorization_details }))).toMatchObject({
      error: 'invalid_request',
    });
    const endless = JSON.stringify([{ type: 'payment', note: 'x'.repeat(32_768) }]);
    expect((await push(test, { authorization_details: endless })).json).toEqual({
      error: 'invalid_request',
    });
  });

  it('AS-133 are each short enough for a token, unless that may be a reference', async () => {
    const short = 'https://reference.example';
    const resources = [
      { resource: 'https://jwt.example' },
      { resource: short, accessTokens: 'reference' as const },
    ];
    const test = await testServer({ resources }, [payments]);
    // A token has 8,192 characters, and base64url makes four of three.
    const ofOctets = (octets: number) => {
      const empty = JSON.stringify({ type: 'payment', note: '' });
      const note = 'x'.repeat(octets - empty.length);
      return JSON.stringify([{ type: 'payment', note }, { type: 'payment' }]);
    };
    const longest = { authorization_details: ofOctets(6_144) };
    const longer = { authorization_details: ofOctets(6_145) };
    expect((await push(test, longest)).status).toBe(201);
    const refusals = [longer, { ...longer, resource: 'https://jwt.example' }];
    for (const form of refusals) {
      const { status, json } = await push(test, form);
      expect([status, json]).toEqual([400, { error: 'invalid_authorization_details' }]);
      expect(sentToClient(await authorize(test, form))).toMatchObject({
        error: 'invalid_authorization_details',
      });
    }
    expect((await push(test, { ...longer, resource: short })).status).toBe(201);
    const byDefault = await testServer({ resources, defaultAudiences: [short] }, [payments]);
    expect((await push(byDefault, longer)).status).toBe(201);
  });

  it('THR-35 THR-74 are bounded in number, in depth and in characters', async () => {
    const test = await testServer({}, [payments]);
    const many = (count: number) =>
      `[${Array.from({ length: count }, () => '{"type":"payment"}').join()}]`;
    expect((await push(test, { authorization_details: many(50) })).status).toBe(201);
    const deep = `[{"type":"payment","note":${'['.repeat(5_000)}${']'.repeat(5_000)}}]`;
    const nul = '[{"type":"payment","note":"\\u0000"}]';
    for (const authorization_details of [many(51), deep, nul]) {
      expect((await push(test, { authorization_details })).json).toEqual({
        error: 'invalid_authorization_details',
      });
    }
  });
});
