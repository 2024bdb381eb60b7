import { expect } from '@jest/globals';
import { challengeOf } from './challenges.js';
import type { RawResponse } from './raw-request.js';

export interface Refusal {
  readonly status: number;
  /** The scheme whose challenge carries the error. */
  readonly scheme?: 'DPoP' | 'PoP' | 'Bearer';
  readonly error?: string;
}

const registered = [
  'invalid_request',
  'invalid_token',
  'insufficient_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'temporarily_unavailable',
];

/** Asserts that our code refused, and what every refusal has in common (INV-4, INV-8). */
export function expectRefusal(response: RawResponse, expected: Refusal): void {
  const challenges = response.all('www-authenticate');
  const challenge = expected.scheme && challengeOf(challenges, expected.scheme);
  expect({ status: response.status, error: challenge?.parameters['error'], challenges }).toEqual({
    status: expected.status,
    error: expected.error,
    challenges,
  });
  expectOAuthShape(response);
  expect((JSON.parse(response.body) as { error?: string }).error).toBe(expected.error);
}

/** INV-4, INV-8: a JSON object with a registered code and nothing of what was sent. */
export function expectOAuthShape(response: RawResponse): void {
  expect(response.all('cache-control')).toEqual(['no-store']);
  expect(response.all('content-type')).toEqual(['application/json']);
  const body = JSON.parse(response.body) as Record<string, unknown>;
  expect(Object.keys(body).filter((member) => member !== 'error')).toEqual([]);
  if (body['error'] !== undefined) expect(registered).toContain(body['error']);
  for (const line of response.all('www-authenticate')) expect(line).toMatch(/^[ -~]+$/);
}
