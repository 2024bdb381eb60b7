import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JsonObject } from '@keybound/core';
import { dpopProof, SettableClock, textIn } from '@keybound/testing';
import { startSampleApp, type SampleApp } from '../support/running-sample-app.js';

let app: SampleApp;
beforeAll(async () => {
  app = await startSampleApp({}, { clock: new SettableClock() });
});
afterAll(() => app.close());

const json = { 'content-type': 'application/json' };

async function membersOf(answer: Response): Promise<JsonObject> {
  return (await answer.json()) as JsonObject;
}

it('AS-220 THR-80 the own token of a client, bound to its key, is refused once the client is gone', async () => {
  const { issuer } = app;
  const metadata = { grant_types: ['client_credentials'], response_types: [] };
  const client = await membersOf(
    await fetch(`${issuer}/register`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(metadata),
    }),
  );
  const pair = `${textIn(client, 'client_id')}:${textIn(client, 'client_secret')}`;
  const tokens = await membersOf(
    await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
        dpop: await dpopProof({ htm: 'POST', htu: `${issuer}/token` }),
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'read' }),
    }),
  );
  const token = textIn(tokens, 'access_token');
  const whoami = async () => {
    const htu = `${issuer}/api/whoami`;
    const dpop = await dpopProof({ htm: 'GET', htu }, {}, token);
    return fetch(htu, { headers: { authorization: `DPoP ${token}`, dpop } });
  };
  expect((await whoami()).status).toBe(200);
  const authorization = `Bearer ${textIn(client, 'registration_access_token')}`;
  const removed = await fetch(textIn(client, 'registration_client_uri'), {
    method: 'DELETE',
    headers: { authorization },
  });
  expect(removed.status).toBe(204);
  const refused = await whoami();
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
});
