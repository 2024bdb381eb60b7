import { describe, expect, it } from '@jest/globals';
import type { EndpointAnswer } from '../extension/endpoint.js';
import {
  authorizationResponse,
  type AuthorizationResult,
  type ResponseTarget,
} from './authorization-response.js';

const issuer = 'https://as.example.com';
const server = { issuer, configuration: { explain: false } };
const explaining = { issuer, configuration: { explain: true } };
const target: ResponseTarget = {
  redirectUri: 'https://client.example/cb',
  responseMode: 'query',
  state: 'state-1',
};
const results: readonly (readonly [string, AuthorizationResult])[] = [
  ['a code', { code: 'code_1' }],
  ['an error', { error: 'access_denied' }],
];
const headersOf = ({ headers }: EndpointAnswer) => Object.fromEntries(headers);
const locationOf = (answer: EndpointAnswer) => headersOf(answer)['location'] ?? '';

function queryOf(own: Partial<ResponseTarget>): URLSearchParams {
  const answer = authorizationResponse(server, { ...target, ...own }, { code: 'code_1' });
  return new URL(locationOf(answer)).searchParams;
}

/** The hidden fields of a page, with references resolved as a browser does. */
function fieldsOf({ body = '' }: EndpointAnswer): Readonly<Record<string, string>> {
  const inputs = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return Object.fromEntries(
    inputs.map(([, name = '', value = '']) => [
      name,
      value
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, '&'),
    ]),
  );
}

describe('authorizationResponse, in the query', () => {
  it.each(results)('AS-13 OIDC-34 THR-56 says with %s who answers', (_name, result) => {
    const { searchParams } = new URL(locationOf(authorizationResponse(server, target, result)));
    expect(Object.fromEntries(searchParams)).toEqual({ ...result, state: 'state-1', iss: issuer });
  });

  it.each(results)(
    'AS-15 THR-86 redirects with 303 for %s, unkept and untraced',
    (_name, result) => {
      const answer = authorizationResponse(server, target, result);
      expect([answer.status, answer.body]).toEqual([303, undefined]);
      expect(headersOf(answer)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
    },
  );

  it.each([
    ['no query', 'https://c.example/cb', 'https://c.example/cb?code='],
    ['a query', 'https://c.example/cb?x=1', 'https://c.example/cb?x=1&code='],
    [
      'an escaped query',
      'https://c.example/cb?x=%2F+%C3%A9',
      'https://c.example/cb?x=%2F+%C3%A9&code=',
    ],
    ['an empty query', 'https://c.example/cb?', 'https://c.example/cb?code='],
    ['an open query', 'https://c.example/cb?x=1&', 'https://c.example/cb?x=1&code='],
    ['a private-use scheme', 'com.example.app:/cb', 'com.example.app:/cb?code='],
  ])('AS-18 appends to a redirect URI with %s', (_name, redirectUri, expected) => {
    const answer = authorizationResponse(server, { ...target, redirectUri }, { code: 'code_1' });
    expect(locationOf(answer)).toBe(
      `${expected}code_1&state=state-1&iss=https%3A%2F%2Fas.example.com`,
    );
  });

  it.each(['https://c.example/cb', 'https://c.example/cb?x=1', 'https://c.example/cb#f'])(
    'AS-18 never sends a fragment: %s',
    (redirectUri) => {
      const own = { ...target, redirectUri, state: '#state' };
      expect(locationOf(authorizationResponse(server, own, { code: 'c' }))).not.toContain('#');
    },
  );

  it.each([
    ['a thousand characters', 's'.repeat(1_000)],
    ['what a query is made of', 'a&b=c;d?e#f/g+h i%20j'],
    ['markup and quotes', `"><script>alert('1')</script>`],
    ['characters of all kinds', 'zürich 東京 🔑'],
    ['line breaks', 'a\r\nLocation: https://evil.example\r\n'],
  ])('AS-09 brings back a state of %s, character by character', (_name, state) => {
    expect(queryOf({ state }).get('state')).toBe(state);
  });

  it('AS-09 brings back no state where there was none', () => {
    expect(queryOf({ state: undefined }).has('state')).toBe(false);
  });

  it('AS-09 has no octets for half a character, and no fault either', () => {
    expect(queryOf({ state: 'a\ud83d' }).get('state')).toBe('a\ufffd');
  });

  it('INV-4 says no more than the code unless it is told to explain', () => {
    const result = { error: 'login_required', description: 'because' } as const;
    expect(locationOf(authorizationResponse(server, target, result))).not.toContain('because');
    expect(locationOf(authorizationResponse(explaining, target, result))).toContain('because');
  });

  it.each(['say "no"', 'back\\slash', 'line\r\nbreak', 'tab\t', 'é', '\u2028', '\u0000'])(
    'AS-14 describes an error in harmless characters: %j',
    (description) => {
      const result = { error: 'invalid_request', description } as const;
      const location = locationOf(authorizationResponse(explaining, target, result));
      expect(new URL(location).searchParams.get('error_description')).toMatch(/^[ !#-[\]-~]+$/);
    },
  );
});

describe('authorizationResponse, by form_post', () => {
  const posted: ResponseTarget = { ...target, responseMode: 'form_post' };

  it.each(results)('AS-16 AS-13 posts %s by itself', (_name, result) => {
    const answer = authorizationResponse(server, posted, result);
    expect(answer.status).toBe(200);
    expect(headersOf(answer)['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<form method="post" action="https://client.example/cb">');
    expect(fieldsOf(answer)).toEqual({ ...result, state: 'state-1', iss: issuer });
  });

  it('AS-16 THR-39 runs its own script and no other, by a nonce that is never the same', () => {
    const nonces = [1, 2].map(() => {
      const answer = authorizationResponse(server, posted, { code: 'code_1' });
      const policy = headersOf(answer)['content-security-policy'] ?? '';
      const [, nonce = ''] = /script-src 'nonce-([A-Za-z0-9_-]{22})'/.exec(policy) ?? [];
      expect(policy).toContain("default-src 'none'");
      expect(answer.body).toContain(`<script nonce="${nonce}">`);
      return nonce;
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('AS-16 THR-79 THR-86 stands in no frame, is not kept, guessed or told of', () => {
    const headers = headersOf(authorizationResponse(server, posted, { code: 'code_1' }));
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it.each([
    `"><script>alert(1)</script>`,
    `'onfocus='alert(1)`,
    '</form></body><script>alert(1)</script>',
    '&quot;&lt;b&gt;',
  ])('AS-16 THR-39 escapes markup in the state: %s', (state) => {
    const answer = authorizationResponse(server, { ...posted, state }, { code: 'code_1' });
    expect(answer.body?.match(/<script/g)).toHaveLength(1);
    expect(fieldsOf(answer)['state']).toBe(state);
  });

  it('AS-16 THR-39 escapes markup in the redirect URI', () => {
    const redirectUri = `https://c.example/cb?a="><script>x</script>&b='`;
    const answer = authorizationResponse(server, { ...posted, redirectUri }, { code: 'code_1' });
    expect(answer.body).toContain(
      'action="https://c.example/cb?a=&quot;&gt;&lt;script&gt;x&lt;/script&gt;&amp;b=&#39;"',
    );
  });
});
