import { describe, expect, it } from '@jest/globals';
import { accept } from '@keybound/core';
import { requestView, testServer, type RequestInput } from '@keybound/testing';
import fc from 'fast-check';

const { server } = await testServer({ registration: { access: 'open' }, keyDistribution: {} });
const published = Object.entries(server.metadata())
  .filter(([name]) => name.endsWith('_endpoint') || name.endsWith('_uri'))
  .flatMap(([, url]) => (typeof url === 'string' ? [url] : []));
const urls = [
  ...published,
  `${server.issuer}/.well-known/openid-configuration`,
  `${server.issuer}/.well-known/oauth-authorization-server`,
].filter((url) => server.owns(new URL(url).pathname));

const form = 'application/x-www-form-urlencoded';
const odd = [
  '',
  'a',
  '__proto__',
  'constructor',
  'toString',
  'then',
  'hasOwnProperty',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  '%00',
  'a\r\nSet-Cookie: x=y',
  'eyJhbGciOiJub25lIn0.e30.',
  '{}',
  '[]',
  '{"__proto__":{"x":1}}',
  'https://client.example/cb',
  'public-1',
  'client-1',
  'code',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'openid',
  'x'.repeat(5_000),
  '\u{1F600}\u0301',
];
const names = [
  ...['grant_type', 'client_id', 'client_secret', 'code', 'code_verifier', 'redirect_uri'],
  ...['response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt', 'max_age', 'claims'],
  ...['resource', 'audience', 'authorization_details', 'request', 'request_uri', 'display'],
  ...['client_assertion', 'client_assertion_type', 'refresh_token', 'token', 'token_type_hint'],
  ...['token_type', 'alg', 'key', 'req_cnf', 'dpop_jkt', 'id_token_hint', 'code_challenge'],
  ...['code_challenge_method', 'ui_locales', 'acr_values', 'login_hint', 'ticket', '__proto__'],
];

const parameters = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...odd)), {
  maxLength: 12,
});
const hostile: fc.Arbitrary<RequestInput> = fc
  .record({
    url: fc.constantFrom(...urls),
    method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'),
    query: fc.option(parameters, { nil: undefined, freq: 2 }),
    type: fc.constantFrom(form, form, 'application/json', 'text/plain', undefined),
    body: fc.oneof(
      parameters.map((pairs) => new URLSearchParams(pairs).toString()),
      fc.constantFrom(...odd),
      fc.json(),
      fc.uint8Array({ maxLength: 200 }),
    ),
    fields: fc.array(
      fc.tuple(
        fc.constantFrom('authorization', 'dpop', 'cookie', 'origin', 'accept', 'content-encoding'),
        fc.constantFrom(
          ...odd.map((value) => value.replace(/[^ -~]/g, '')),
          'Basic !!!',
          'Basic Og==',
          `Basic ${Buffer.from('%zz:%').toString('base64')}`,
          'Bearer x',
          'DPoP x',
        ),
      ),
      { maxLength: 3 },
    ),
  })
  .map(({ url, method, query, type, body, fields }) => ({
    url: query === undefined ? url : `${url}?${new URLSearchParams(query).toString()}`,
    method,
    body,
    headers: [...(type === undefined ? [] : [['content-type', type] as const]), ...fields],
  }));

const description = /^[ !#-[\]-~]*$/;

describe('every endpoint, whatever it is sent', () => {
  it('INV-1 knows endpoints to try', () => {
    expect(urls.length).toBeGreaterThanOrEqual(6);
  });

  it('INV-1 INV-4 INV-8 THR-34 answers without a fault, in the words of OAuth, to be kept by nobody', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (request) => {
        const answer = await server.handle(accept(requestView(request)));
        expect(answer?.status).toBeLessThan(500);
        const fields = new Map(answer?.headers);
        for (const [name, value] of answer?.headers ?? []) {
          expect(`${name}: ${value}`).toMatch(/^[a-z-]+: [\t -~]*$/);
        }
        if (answer === undefined || answer.status < 400) return;
        expect(fields.get('cache-control')).toContain('no-store');
        if (fields.get('content-type') !== 'application/json') {
          expect(fields.get('content-security-policy')).toContain("frame-ancestors 'none'");
          expect(answer.body ?? '').not.toContain('<script');
        } else if (answer.body !== undefined) {
          const { error, error_description } = JSON.parse(answer.body) as Record<string, string>;
          if (error !== undefined) expect(error).toMatch(/^[a-z_]+$/);
          expect(error_description ?? '').toMatch(description);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
