import { afterAll, describe, expect, it } from '@jest/globals';
import {
  accept,
  InMemoryReplayStore,
  seconds,
  type JsonObject,
  type Seconds,
  type ServerNonces,
} from '@keybound/core';
import type { PopOptions } from '@keybound/pop';
import { RecordedAudit, SettableClock } from '@keybound/testing';
import { challengeOf } from '../support/challenges.js';
import { protectedServer, type ProtectedServer } from '../support/protected-server.js';
import { rawRequest, type RawRequest, type RawResponse } from '../support/raw-request.js';
import { readVectors } from '../support/vectors.js';

interface Verdict {
  readonly accept: boolean;
  readonly status?: number;
  readonly jkt?: string;
  readonly challenge?: { readonly scheme: string; readonly error: string | null };
  readonly challenges?: readonly { readonly scheme: string; readonly error: string }[];
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly onRepeat?: Verdict;
  readonly onThen?: Verdict;
}

interface VectorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly form?: Readonly<Record<string, string>>;
}

interface Case {
  readonly id: string;
  readonly role: string;
  readonly description: string;
  readonly covers: readonly string[];
  readonly request: VectorRequest;
  readonly policy?: { readonly nonce?: { readonly accepted: readonly string[] } };
  readonly introspection?: JsonObject;
  readonly repeat?: number;
  readonly then?: VectorRequest;
  readonly expect: Verdict;
}

const { cases, clock, authorizationServer } = readVectors<{
  readonly cases: readonly Case[];
  readonly clock: { readonly now: number };
  readonly authorizationServer: {
    readonly issuer: string;
    readonly jwks: { readonly keys: readonly unknown[] };
  };
}>('sender-constrained-tokens/dpop-cases.json');

const applicable = cases.filter(({ role }) => role === 'rs');

const audit = new RecordedAudit();
let current: ProtectedServer | undefined;

afterAll(() => current?.close());

function options(vector: Case): PopOptions {
  return {
    preset: 'baseline',
    deployment: 'development',
    resource: 'https://rs.example.com',
    publicBaseUrl: 'https://rs.example.com',
    issuers: [
      {
        issuer: authorizationServer.issuer,
        jwks: { keys: [...authorizationServer.jwks.keys] },
        introspection: {
          by: {
            introspect: () => Promise.resolve(accept(vector.introspection ?? { active: false })),
          },
        },
      },
    ],
    replay: { store: new InMemoryReplayStore() },
    nonces:
      vector.policy?.nonce === undefined
        ? { mode: 'off' }
        : { mode: 'required', server: listed(vector.policy.nonce.accepted) },
    signedHttpRequest: 'off',
    unboundTokens: 'accepted',
    audit,
    clock: new SettableClock(clock.now),
  };
}

/** Nonces as the vectors list them: the first is the newest. */
function listed(accepted: readonly string[]): ServerNonces {
  return {
    issue: () => accepted[0] ?? '',
    check: (nonce: string, now: Seconds) => {
      const index = accepted.indexOf(nonce);
      return index === -1
        ? { state: 'unknown' }
        : { state: 'current', renew: index > 0, since: now, until: seconds(now + 300) };
    },
  };
}

function send(port: number, request: VectorRequest): Promise<RawResponse> {
  const url = /^https:\/\/[^/]+(.*)$/.exec(request.url)?.[1] ?? '';
  const hasHost = request.headers.some(([name]) => name.toLowerCase() === 'host');
  const raw: RawRequest = {
    method: request.method,
    target: url === '' ? '/' : url,
    headers: hasHost ? request.headers : [['Host', 'rs.example.com'], ...request.headers],
    ...(request.form !== undefined && {
      body: Buffer.from(new URLSearchParams({ ...request.form }).toString()),
    }),
  };
  return rawRequest(port, raw);
}

function check(response: RawResponse, verdict: Verdict, method: string): void {
  const challenges = response.all('www-authenticate');
  if (verdict.accept) {
    expect({ status: response.status, challenges }).toEqual({ status: 200, challenges: [] });
    if (method !== 'HEAD')
      expect(JSON.parse(response.body)).toMatchObject({ method: 'dpop', thumbprint: verdict.jkt });
  } else {
    expect({ status: response.status, challenges }).toMatchObject({ status: verdict.status });
    for (const expected of verdict.challenges ?? (verdict.challenge ? [verdict.challenge] : [])) {
      const challenge = challengeOf(challenges, expected.scheme);
      expect(challenge).toBeDefined();
      expect(challenge?.parameters['error'] ?? null).toBe(expected.error);
    }
  }
  for (const [name, value] of Object.entries(verdict.responseHeaders ?? {})) {
    expect(response.all(name.toLowerCase())).toEqual([value]);
  }
}

describe('DPoP at a resource server, over HTTP (vectors)', () => {
  it.each(
    applicable.map(
      (vector) =>
        [vector.covers.filter(isOwned).join(' '), vector.id, vector.description, vector] as const,
    ),
  )('%s (%s) %s', async (_covers, _id, _description, vector) => {
    const server = await protectedServer(options(vector));
    current = server;
    try {
      check(await send(server.port, vector.request), vector.expect, vector.request.method);
      if (vector.expect.onRepeat !== undefined) {
        check(
          await send(server.port, vector.request),
          vector.expect.onRepeat,
          vector.request.method,
        );
      }
      if (vector.then !== undefined && vector.expect.onThen !== undefined) {
        check(await send(server.port, vector.then), vector.expect.onThen, vector.then.method);
      }
    } finally {
      await server.close();
      current = undefined;
    }
  });
});

function isOwned(requirement: string): boolean {
  return /^(DPOP|RS|MTLS|OPS)-[0-9]+$/.test(requirement);
}
