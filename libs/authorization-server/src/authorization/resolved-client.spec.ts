import { describe, expect, it } from '@jest/globals';
import { accept, seconds } from '@keybound/core';
import {
  authorizeWith as authorize,
  openPushed,
  pushWith as push,
  requestUriOf,
  sentToClient,
  T0,
  testPlugIn,
  testServer,
  waitingRequest as kept,
} from '@keybound/testing';
import type { Client, ClientResolution } from '../extension/client.js';

/** Knows `vouched-1`, who is like `public-1` but for what whoever vouches for it says. */
function vouching(own: Partial<Client>, seen: ClientResolution[] = []) {
  return testPlugIn('vouching', (services) => ({
    clientResolvers: [
      {
        name: 'vouching',
        async resolve(clientId, resolution) {
          if (clientId !== 'vouched-1') return undefined;
          seen.push(resolution);
          const known = await services.resolveClient('public-1', resolution);
          if (!known.ok) return known;
          return accept({ ...known.value, id: clientId, source: 'vouching', ...own });
        },
      },
    ],
  }));
}

const client_id = 'vouched-1';

describe('whoever vouches for a client', () => {
  it('AS-38 may oblige it to push its requests', async () => {
    const test = await testServer({}, [vouching({ obligations: { pushedRequest: true } })]);
    const answer = await authorize(test, { client_id });
    expect(sentToClient(answer)).toMatchObject({ error: 'invalid_request' });
    expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-38' });
    const requestUri = requestUriOf(await push(test, { client_id }));
    expect(await kept(test, await openPushed(test, requestUri, client_id))).toMatchObject({
      pushed: true,
    });
  });

  it('AS-253 may oblige it to sign its requests, pushed ones too', async () => {
    const test = await testServer({}, [vouching({ obligations: { signedRequestObject: true } })]);
    const answer = await authorize(test, { client_id });
    expect(sentToClient(answer)).toMatchObject({ error: 'invalid_request' });
    expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-253' });
    const pushed = await push(test, { client_id });
    expect([pushed.status, pushed.json]).toEqual([400, { error: 'invalid_request' }]);
  });

  it('AS-33 may trust it for a while only, and its request URIs end with that', async () => {
    const test = await testServer({}, [vouching({ expiresAt: seconds(T0 + 20) })]);
    const pushed = await push(test, { client_id });
    expect(pushed.json).toMatchObject({ expires_in: 20 });
    const requestUri = requestUriOf(pushed);
    test.clock.set(T0 + 19);
    expect(await kept(test, await openPushed(test, requestUri, client_id))).toBeDefined();
    test.clock.set(T0 + 20);
    expect((await openPushed(test, requestUri, client_id)).status).toBe(400);
  });

  it('AS-35 must be the same when the user comes', async () => {
    const test = await testServer({}, [vouching({})]);
    const requestUri = requestUriOf(await push(test, { client_id }));
    const { stores } = test;
    const other = await testServer({ stores }, [vouching({ source: 'somebody else' })]);
    const answer = await openPushed(other, requestUri, client_id);
    expect([answer.status, answer.fields('location')]).toEqual([400, []]);
    expect(answer.body).toContain('invalid_request_uri');
    expect(await kept(test, await openPushed(test, requestUri, client_id))).toBeDefined();
  });

  it('AS-40 sees the header of a request object, for which nobody vouches yet', async () => {
    const seen: ClientResolution[] = [];
    const test = await testServer({}, [vouching({}, seen)]);
    const header = { alg: 'ES256', trust_chain: ['a'] };
    const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
    await authorize(test, { client_id, request: `${encoded}.e30.AAAA` });
    await authorize(test, { client_id, request: 'no object' });
    expect(seen.map(({ endpoint, unverifiedHeader }) => [endpoint, unverifiedHeader])).toEqual([
      ['authorization', header],
      ['authorization', undefined],
    ]);
  });
});
