import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accept, seconds } from '@keybound/core';
import {
  authorizationForm,
  callback,
  hash,
  T0,
  testPlugIn,
  testServer,
  type ParameterFlaw,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';

/** Knows `stranger-1`, who is like `public-1` but that nobody has looked at it. */
const strangers = testPlugIn('strangers', (services) => ({
  clientResolvers: [
    {
      name: 'strangers',
      async resolve(clientId, resolution) {
        if (clientId !== 'stranger-1') return undefined;
        const known = await services.resolveClient('public-1', resolution);
        if (!known.ok) return known;
        return accept({ ...known.value, id: clientId, standing: 'unverified' });
      },
    },
  ],
}));

const state = '"><script>';
const cookie = `session_${'s'.repeat(43)}`;
let test: TestServer;
beforeAll(async () => {
  test = await testServer({}, [strangers]);
  await test.stores.sessions.start(
    {
      hash: hash(cookie),
      sid: 'sid-1',
      subject: 'alice',
      authTime: T0,
      acr: undefined,
      amr: [],
      clientIds: [],
      lastSeenAt: T0,
      expiresAt: seconds(T0 + 3_600),
    },
    undefined,
  );
});
beforeEach(() => {
  test.audit.events.length = 0;
});

function authorize(flaw: ParameterFlaw, loggedIn = false): Promise<TestAnswer> {
  const query = authorizationForm({ client_id: 'stranger-1', state, ...flaw });
  const headers = loggedIn ? { cookie: `__Host-keybound-session=${cookie}` } : {};
  return test.send({ url: `/authorize?${query}`, headers });
}

describe('a client that nobody has looked at', () => {
  it('AS-19 takes the user to the login like any other', async () => {
    const answer = await authorize({});
    expect(answer.status).toBe(303);
    expect(answer.fields('location')[0]).toContain('/interaction/');
  });

  it('AS-19 has its errors shown on a page with a link', async () => {
    const answer = await authorize({ scope: 'bad' });
    expect(answer.status).toBe(400);
    expect(answer.fields('location')).toEqual([]);
    expect(answer.fields('content-type')).toEqual(['text/html; charset=utf-8']);
    const body = answer.body ?? '';
    expect(body).toContain('<code>invalid_scope</code>');
    expect(body).toContain('Continue to client.example');
    const href = (/href="([^"]*)"/.exec(body)?.[1] ?? '').replaceAll('&amp;', '&');
    expect(href.startsWith(`${callback}?`)).toBe(true);
    expect(Object.fromEntries(new URL(href).searchParams)).toEqual({
      error: 'invalid_scope',
      state,
      iss: 'https://as.example.com',
    });
    expect(test.audit.events).toMatchObject([{ requirement: 'AS-12', clientId: 'stranger-1' }]);
  });

  it('AS-16 AS-19 THR-39 has no markup of its own on that page, nor a form', async () => {
    const answer = await authorize({ scope: 'bad', response_mode: 'form_post' });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toMatch(/<script|<form/);
    expect(answer.fields('content-security-policy')[0]).toContain("frame-ancestors 'none'");
    expect(answer.fields('x-frame-options')).toEqual(['DENY']);
  });

  it('AS-19 has them redirected where somebody is logged in', async () => {
    const answer = await authorize({ scope: 'bad' }, true);
    expect(answer.status).toBe(303);
    expect(answer.fields('location')[0]).toContain('error=invalid_scope');
  });

  it('AS-19 AS-170 has them redirected where nobody may be shown anything', async () => {
    for (const prompt of ['none', 'none login']) {
      const answer = await authorize({ scope: 'bad', prompt });
      expect(answer.status).toBe(303);
      expect(answer.fields('location')[0]).toContain('error=invalid_scope');
    }
  });
});

it('AS-19 a client that is known has its errors redirected, whoever is there', async () => {
  const answer = await authorize({ client_id: 'public-1', scope: 'bad' });
  expect(answer.status).toBe(303);
  expect(answer.fields('location')[0]).toContain('error=invalid_scope');
});
