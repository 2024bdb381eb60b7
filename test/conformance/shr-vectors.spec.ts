import { describe, expect, it } from '@jest/globals';
import {
  accept,
  InMemoryReplayStore,
  seconds,
  type JsonObject,
  type Seconds,
  type ServerNonces,
} from '@keybound/core';
import { baseline, type PopOptions, type TokenIntrospection } from '@keybound/pop';
import { RecordedAudit, SettableClock } from '@keybound/testing';
import { challengeOf, parseChallenges } from '../support/challenges.js';
import { protectedServer } from '../support/protected-server.js';
import { rawRequest } from '../support/raw-request.js';
import { readVectors } from '../support/vectors.js';

interface Vector {
  readonly id: string;
  readonly description: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly rawHeaders: readonly (readonly [string, string])[];
    readonly bodyBase64url?: string;
  };
  readonly introspection?: JsonObject;
  readonly after?: string;
  readonly policy?: {
    readonly require?: readonly string[];
    readonly requireBody?: 'when-present';
    readonly transports?: readonly ('header' | 'form' | 'query')[];
    readonly rejectUnsignedQuery?: boolean;
    readonly requirePort?: boolean;
    readonly cnfReference?: boolean;
    readonly pathComparison?: 'lenient';
    readonly msalQuery?: 'ignore';
    readonly nonce?: string;
  };
  readonly expect: {
    readonly ok: boolean;
    readonly status?: number;
    readonly error?: string | null;
    readonly member?: string;
    readonly challengeNonce?: boolean;
  };
}

const { vectors, now, keys } = readVectors<{
  readonly vectors: readonly Vector[];
  readonly now: number;
  readonly keys: { readonly as_public: object; readonly rs_decryption_private: JsonObject };
}>('signed-http-request/shr-requests.json');

/** The requirement that each group of vectors belongs to. */
const requirementOf: readonly (readonly [RegExp, string])[] = [
  [/^(P01|N07|N08|N75)$/, 'SHR-01'],
  [/^(N25|N28|N29)$/, 'SHR-02'],
  [/^(P02|N30|N31)$/, 'SHR-03'],
  [/^(P13|P25|N32|N33|N34|N82)$/, 'SHR-04'],
  [/^(P05|N35|N36|N37|N38)$/, 'SHR-05'],
  [/^(P03|P15|N52|N53|N54)$/, 'SHR-06'],
  [/^(P16|P17)$/, 'SHR-07'],
  [/^(P19|N41|N42|N43|N60|N61)$/, 'SHR-08'],
  [/^(N40|N59)$/, 'SHR-09'],
  [/^(P04|N56|N57|N58)$/, 'SHR-10'],
  [/^N62$/, 'SHR-11'],
  [/^(P11|P18|N63|N64|N65)$/, 'SHR-12'],
  [/^(P21|N39|N50|N51)$/, 'SHR-13'],
  [/^(P10|N44|N66)$/, 'SHR-14'],
  [/^(P12|N45|N46|N47|N48|N49)$/, 'SHR-15'],
  [/^(P14|N74)$/, 'SHR-16'],
  [/^(P08|N67|N68)$/, 'SHR-17'],
  [/^(P09|N55)$/, 'SHR-18'],
  [/^(N69|N70)$/, 'SHR-19'],
  [/^N01$/, 'SHR-20'],
  [/^P20$/, 'CNF-15'],
  [/^N81$/, 'RS-22'],
  [/^(P23|N22|N23)$/, 'SHR-21'],
  [/^(N02|N03|N80)$/, 'SHR-22'],
  [/^(N04|N05|N06|N72)$/, 'SHR-23'],
  [/^(N24|N76)$/, 'SHR-24'],
  [/^(N09|N11)$/, 'SHR-25'],
  [/^(P22|N26|N27)$/, 'SHR-26'],
  [/^N79$/, 'SHR-27'],
  [/^(P24|N77|N78)$/, 'SHR-28'],
  [/^(N71|N12)$/, 'SHR-29'],
  [/^N10$/, 'CNF-09'],
  [/^N13$/, 'CNF-02'],
  [/^N14$/, 'CNF-05'],
  [/^P06$/, 'CNF-06'],
  [/^N15$/, 'CNF-03'],
  [/^N16$/, 'CNF-12'],
  [/^N17$/, 'CNF-13'],
  [/^N18$/, 'CNF-08'],
  [/^N19$/, 'CNF-04'],
  [/^(P07|M01|N20|N21)$/, 'CNF-07'],
  [/^M02$/, 'SHR-05'],
  [/^(M03|M04)$/, 'SHR-13'],
  [/^N73$/, 'RS-02'],
];

const cases = vectors.map((vector) => {
  const requirement = requirementOf.find(([ids]) => ids.test(vector.id))?.[1] ?? 'SHR-13';
  return [requirement, vector.id, vector.description, vector] as const;
});

/** Where our code says more than the vector's one word. */
const codeOf: Readonly<Record<string, RegExp>> = {
  jws: /^shr\.(jws|alg)$/,
  at: /^(shr\.at|token\..*)$/,
  cnf: /^cnf\./,
  replay: /^shr\.replayed$/,
};

function optionsFor(vector: Vector, audit: RecordedAudit, store: InMemoryReplayStore): PopOptions {
  const { require: required = ['at', 'ts', 'm', 'u', 'p'], nonce } = vector.policy ?? {};
  const { cnfReference = false, pathComparison = 'exact', msalQuery } = vector.policy ?? {};
  return {
    preset: 'baseline',
    deployment: 'development',
    resource: 'https://rs.example.com',
    publicBaseUrl: vector.request.url.startsWith('https://rs.example.com:8443')
      ? 'https://rs.example.com:8443'
      : 'https://rs.example.com',
    issuers: [
      {
        issuer: 'https://as.example.com',
        jwks: { keys: [keys.as_public] },
        introspection: { by: answering(vector.introspection ?? { active: false }) },
      },
    ],
    replay: { store },
    nonces: nonce === undefined ? { mode: 'off' } : { mode: 'required', server: onlyNonce(nonce) },
    dpop: 'off',
    signedHttpRequest: {
      ...baseline.signedHttpRequest,
      algorithms: ['ES256', 'EdDSA', 'RS256'],
      require: required.filter((member): member is 'ts' | 'm' | 'u' | 'p' => member !== 'at'),
      requireBody: vector.policy?.requireBody ?? 'never',
      transports: [...(vector.policy?.transports ?? ['header' as const])],
      rejectUnsignedQuery: vector.policy?.rejectUnsignedQuery ?? false,
      requirePort: vector.policy?.requirePort ?? false,
      symmetricKeys: {
        decryptionKeys: [keys.rs_decryption_private],
        unidentified: 'remembered', // P06 has neither nonce nor jti
      },
      profile: {
        cnfReference,
        pathComparison,
        emptyQueryList: msalQuery === 'ignore' ? 'ignored' : 'verified',
        nextNonce: 'plain',
      },
    },
    audit,
    clock: new SettableClock(now),
  };
}

/** The issuer's introspection, asked in process. */
function answering(introspection: JsonObject): TokenIntrospection {
  return { introspect: () => Promise.resolve(accept(introspection)) };
}

function onlyNonce(value: string): ServerNonces {
  return {
    issue: () => 'fresh-nonce',
    check: (nonce: string, at: Seconds) =>
      nonce === value
        ? { state: 'current', renew: false, since: at, until: seconds(at + 300) }
        : { state: 'unknown' },
  };
}

async function send(port: number, { request }: Vector) {
  const target = /^https:\/\/[^/]+(.*)$/.exec(request.url)?.[1] ?? '/';
  const { bodyBase64url } = request;
  const body = bodyBase64url === undefined ? undefined : Buffer.from(bodyBase64url, 'base64url');
  return rawRequest(port, {
    method: request.method,
    target,
    headers: request.rawHeaders,
    ...(body !== undefined && { body }),
  });
}

describe('signed HTTP requests, over HTTP (vectors)', () => {
  it.each(cases)('%s (%s) %s', async (_requirement, _id, _description, vector) => {
    const audit = new RecordedAudit();
    const server = await protectedServer(optionsFor(vector, audit, new InMemoryReplayStore()));
    try {
      const first = vectors.find(({ id }) => id === vector.after);
      if (first !== undefined) expect((await send(server.port, first)).status).toBe(200);
      const response = await send(server.port, vector);
      const challenges = response.all('www-authenticate');
      if (vector.expect.ok) {
        expect({ status: response.status, challenges }).toEqual({ status: 200, challenges: [] });
        return;
      }
      expect({ status: response.status, challenges }).toMatchObject({
        status: vector.expect.status,
      });
      expect(parseChallenges(challenges).map(({ scheme }) => scheme)).toEqual(['PoP']);
      const challenge = challengeOf(challenges, 'PoP');
      expect(challenge?.parameters['error'] ?? null).toBe(vector.expect.error);
      if (vector.expect.challengeNonce === true) expect(challenge?.names[0]).toBe('nonce');
      const { member } = vector.expect;
      if (member !== undefined) {
        expect(audit.events.at(-1)?.code).toMatch(
          codeOf[member] ?? new RegExp(`^shr\\.${member}$`),
        );
      }
    } finally {
      await server.close();
    }
  });
});
