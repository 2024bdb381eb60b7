import { describe, expect, it } from '@jest/globals';
import type { Rejection } from './rejection.js';
import {
  renderOAuthError,
  renderUnavailable,
  type Challenge,
  type ErrorSurface,
} from './render-oauth-error.js';

const dpop: Challenge = { scheme: 'DPoP', leading: [], parameters: [['algs', 'ES256 PS256']] };
const pop: Challenge = {
  scheme: 'PoP',
  leading: [['nonce', 'n-1']],
  parameters: [['realm', 'https://api.example.com']],
};
const endpoint: ErrorSurface = { kind: 'endpoint' };

function resource(...errorIn: string[]): ErrorSurface {
  return { kind: 'resource', challenges: [pop, dpop], errorIn: new Set(errorIn) };
}

function rejection(error: Rejection['error'], detail: Rejection['detail'] = {}): Rejection {
  return { code: 'test.code', requirement: 'RS-01', rule: 'a rule', error, detail };
}

function challengesOf(answer: ReturnType<typeof renderOAuthError>): readonly string[] {
  return answer.headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value);
}

describe('renderOAuthError at a resource', () => {
  const statuses: readonly (readonly [Rejection['error'], number])[] = [
    [undefined, 401],
    ['invalid_request', 400],
    ['invalid_token', 401],
    ['invalid_dpop_proof', 401],
    ['use_dpop_nonce', 401],
    ['insufficient_scope', 403],
    ['content_too_large', 413],
    ['temporarily_unavailable', 503],
  ];
  it.each(statuses)('RS-03 RS-05 answers %s with %d', (error, status) => {
    const answer = renderOAuthError(rejection(error), resource('DPoP'), false);
    expect(answer.status).toBe(status);
    expect(answer.headers).toContainEqual(['cache-control', 'no-store']);
  });

  it('RS-43 puts the error into the challenge of the scheme that was used, and no other', () => {
    const answer = renderOAuthError(rejection('invalid_token'), resource('DPoP'), false);
    expect(challengesOf(answer)).toEqual([
      'PoP nonce="n-1", realm="https://api.example.com"',
      'DPoP error="invalid_token", algs="ES256 PS256"',
    ]);
    expect(answer.body).toEqual({ error: 'invalid_token' });
  });

  it('RS-43 keeps the leading parameters in front of the error', () => {
    const [first] = challengesOf(
      renderOAuthError(rejection('invalid_token'), resource('PoP'), false),
    );
    expect(first).toBe('PoP nonce="n-1", error="invalid_token", realm="https://api.example.com"');
  });

  it('RS-02 says nothing but the challenges where nobody tried', () => {
    const answer = renderOAuthError(rejection(undefined), resource(), true);
    expect(challengesOf(answer).join()).not.toContain('error');
    expect(answer.body).toEqual({});
  });

  it('INV-4 tells a peer no reason unless it is told to', () => {
    const secret = { expected: 'expected-value', actual: 'actual-value' };
    const answer = JSON.stringify(
      renderOAuthError(rejection('invalid_token', secret), resource('DPoP'), false),
    );
    expect(answer).not.toMatch(/RS-01|test\.code|a rule|-value/);
  });

  it('INV-4 THR-37 explains in harmless characters, whatever a peer sent', () => {
    const actual = 'a"b\\c\r\nSet-Cookie: x=1\0<script>é,=\u2028';
    const answer = renderOAuthError(rejection('invalid_token', { actual }), resource('DPoP'), true);
    const description = answer.body.error_description ?? '';
    expect(description).toMatch(/^[ !#-[\]-~]+$/);
    expect(description).toMatch(/^RS-01 test\.code; a rule; actual /);
    for (const [, value] of answer.headers) expect(value).toMatch(/^[ -~]+$/);
    const [, challenge = ''] = challengesOf(answer);
    expect(challenge.match(/"/g)).toHaveLength(6);
  });

  it('THR-37 lets no parameter of a challenge break out of it', () => {
    const odd: Challenge = { scheme: 'DPoP', leading: [], parameters: [['realm', 'a"\r\nX: y\\']] };
    const surface: ErrorSurface = { kind: 'resource', challenges: [odd], errorIn: new Set() };
    expect(challengesOf(renderOAuthError(rejection(undefined), surface, false))).toEqual([
      'DPoP realm="a???X: y?"',
    ]);
  });
});

describe('renderOAuthError at an endpoint', () => {
  it.each(['invalid_request', 'invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce'] as const)(
    'INV-4 answers %s with 400 and JSON, without a challenge',
    (error) => {
      const answer = renderOAuthError(rejection(error), endpoint, false);
      expect(answer).toEqual({
        status: 400,
        headers: [['cache-control', 'no-store']],
        body: { error },
      });
    },
  );

  it('OIDC-23 OIDC-25 challenges a bad token where the endpoint takes one, and nothing else', () => {
    const bearer: Challenge = { scheme: 'Bearer', leading: [], parameters: [['realm', 'as']] };
    const surface: ErrorSurface = { kind: 'endpoint', bearer };
    const bad = renderOAuthError(rejection('invalid_token'), surface, false);
    expect([bad.status, bad.body]).toEqual([401, { error: 'invalid_token' }]);
    expect(challengesOf(bad)).toEqual(['Bearer error="invalid_token", realm="as"']);
    const other = renderOAuthError(rejection('invalid_client_metadata'), surface, false);
    expect([other.status, challengesOf(other)]).toEqual([400, []]);
  });

  it('INV-4 has a registered code for content that is too large', () => {
    const answer = renderOAuthError(rejection('content_too_large'), endpoint, false);
    expect([answer.status, answer.body]).toEqual([413, { error: 'invalid_request' }]);
  });
});

describe('renderUnavailable', () => {
  it('THR-66 INV-8 says when to come again, and nothing of the cause', () => {
    expect(renderUnavailable(1)).toEqual({
      status: 503,
      headers: [
        ['cache-control', 'no-store'],
        ['retry-after', '1'],
      ],
      body: { error: 'temporarily_unavailable' },
    });
  });
});
