import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent } from '@keybound/core';
import { readVectors } from '../support/vectors.js';
import { suiteRedirectUri } from '../support/suite-client.js';
import type { Attempts, Outcome } from './error-table/attempt.js';
import { authorizationAttempts, pushAttempts } from './error-table/authorization-attempts.js';
import {
  documentAttempts,
  introspectionAttempts,
  managementAttempts,
  registrationAttempts,
  revocationAttempts,
  userInfoAttempts,
} from './error-table/resource-attempts.js';
import { tokenAttempts } from './error-table/token-attempts.js';
import { startSuite, type Suite } from './modules/suite.js';

interface Row {
  readonly endpoint: string;
  readonly condition: string;
  readonly status: number;
  readonly error: string | null;
  readonly delivery?: string;
  readonly headers?: readonly string[];
  readonly body?: object;
}

const { rows } = readVectors<{ readonly rows: readonly Row[] }>(
  'authorization-server/as-errors.json',
);

const noStore = new Set([
  'par',
  'token',
  'revocation',
  'introspection',
  'userinfo',
  'registration',
  'registration management',
]);

/** By endpoint: what each row of it proves, and what makes its condition come true. */
const attempts: Readonly<Record<string, readonly [ids: string, Attempts]>> = {
  authorize: ['AS-01 AS-14 AS-15 AS-16 THR-79 THR-86', authorizationAttempts],
  par: ['AS-14 AS-32 INV-4 INV-8', pushAttempts],
  token: ['AS-61 AS-62 INV-4 INV-8', tokenAttempts],
  revocation: ['AS-140', revocationAttempts],
  introspection: ['AS-143', introspectionAttempts],
  userinfo: ['AS-175', userInfoAttempts],
  registration: ['AS-217', registrationAttempts],
  'registration management': ['AS-220', managementAttempts],
  jwks: ['AS-206', { GET: documentAttempts['jwks'] ?? never }],
  metadata: ['AS-200', { GET: documentAttempts['metadata'] ?? never }],
};

/**
 * Rows that the sample app as it is set up never gets to. Those with an ID have their tests in the
 * library: they need a switch, a store that is down, or a host with another question to ask.
 */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['authorize: prompt=none, account choice needed', 'AS-170'],
  ['authorize: prompt=none, anything else needed', 'AS-170'],
  ['authorize: request parameter although not supported', 'AS-41'],
  ['authorize: PAR required and not used', 'AS-38'],
  ['authorize: store down', 'AS-271'],
  ['par: any other refusal of the authorization endpoint', 'AS-32'],
  ['token: store down', 'AS-271'],
  ['token: device code pending', 'no device grant'],
  ['token: polling too fast', 'no device grant'],
  ['token: device code expired', 'no device grant'],
  ['token: device request refused', 'no device grant'],
  ['token: exchange subject_token or actor_token not acceptable', 'no token exchange'],
  ['revocation: token type not revocable', 'there is no such type'],
  ['registration: software statement not approved', 'none is taken: OIDC-23'],
  ['registration: initial access token missing or bad', 'AS-215'],
  ['device_authorization: client may not use the grant', 'no device grant'],
  ['device_authorization: scope', 'no device grant'],
  ['end_session: hint bad, URI not registered, client mismatch', 'no logout'],
]);

/** It needs an app that is set up otherwise, with an operator of its own. */
const atAnotherApp = 'DPoP nonce missing or stale';

const named = rows.map((row) => ({ ...row, name: `${row.endpoint}: ${row.condition}` }));
const tried = named
  .filter(({ name }) => !elsewhere.has(name))
  .map((row) => ({ ...row, ids: attempts[row.endpoint]?.[0] ?? '' }));

describe('the error table, over HTTP against the sample app', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());

  it('leaves out only rows that are there', () => {
    expect([...elsewhere.keys()].filter((name) => !named.some((row) => row.name === name))).toEqual(
      [],
    );
  });

  it.each(tried)('$ids AS-273 [as-errors $name]', async (row) => {
    const attempt = attempts[row.endpoint]?.[1][row.condition];
    if (attempt === undefined) throw new Error(`Nobody tries it: ${row.name}`);
    const { audited } = suite.app;
    const before = audited.length;
    const outcomes = [await attempt(suite)].flat();
    expect(outcomes.length).toBeGreaterThan(0);
    for (const outcome of outcomes) expectOutcome(suite, outcome, row);
    const refused = outcomes.filter(isRefusal).length;
    expectTold(audited.slice(before), row.condition === atAnotherApp ? 0 : refused);
  });
});

function expectOutcome(suite: Suite, { status, headers, body }: Outcome, row: Row): void {
  expect(status).toBe(row.status);
  for (const field of row.headers ?? []) {
    const [, name = '', value = ''] = /^([\w-]+)(?:: (.*)| without error)?$/.exec(field) ?? [];
    expect(headers.get(name)).toContain(value.replace('…', ''));
    if (field.endsWith('without error')) expect(headers.get(name)).not.toContain('error');
  }
  if (row.endpoint === 'authorize') expectNoPeek(headers);
  if (noStore.has(row.endpoint) && status !== 405) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type') ?? 'application/json').toMatch(/^application\/json\b/);
  }
  const location = headers.get('location');
  if (row.delivery === 'redirect') {
    expect(location?.startsWith(`${suiteRedirectUri}?`)).toBe(true);
    const told = Object.fromEntries(new URL(location ?? '').searchParams);
    expect(told).toEqual({ error: row.error, state: 'state-1', iss: suite.app.issuer });
    return;
  }
  expect(location).toBeNull();
  if (row.delivery?.startsWith('html') === true) {
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(body).toContain(`<code>${row.error ?? ''}</code>`);
    return;
  }
  if (row.error !== null) expect(JSON.parse(body)).toEqual({ error: row.error });
  if (row.body !== undefined) expect(JSON.parse(body)).toEqual(row.body);
}

/** No script of another site reads what the authorization endpoint says, and no cache or link tells. */
function expectNoPeek(headers: Headers): void {
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
}

function isRefusal({ status, headers }: Outcome): boolean {
  return status >= 400 || headers.get('location')?.includes('error=') === true;
}

/** What nobody may read in a log: JWTs, and what is handed out as `<kind>_<random>`. */
const secrets = /eyJ[\w-]{8}|(?:code|rt|at|rat)_[\w-]{20}|first-{10}|wonderland/;

/** The operator is told of each refusal, with what it broke, and never with a secret. */
function expectTold(events: readonly AuditEvent[], refused: number): void {
  const told = events.filter(({ kind }) => kind === 'refused');
  expect(told.length).toBeGreaterThanOrEqual(refused);
  for (const { requirement } of told) expect(requirement).toMatch(/^[A-Z]+-\d+$/);
  expect(JSON.stringify(events)).not.toMatch(secrets);
}

function never(): never {
  throw new Error('Nobody tries it.');
}
