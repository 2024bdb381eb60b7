import { expect } from '@jest/globals';
import {
  clientKey,
  dpopProof,
  hash,
  otherKey,
  publicPart,
  type Flaw,
  type Signing,
} from '@keybound/testing';
import { generateKeyPair, SignJWT, exportJWK } from 'jose';
import { rawRequest } from '../../support/raw-request.js';
import { readVectors } from '../../support/vectors.js';
import type { Suite } from './suite.js';

type FieldLine = readonly [name: string, value: string];
type Fields = readonly FieldLine[];

/** One request, or several that share a fault. */
type Fault = (attempt: Attempt) => Promise<readonly Fields[]>;

interface Attempt {
  readonly token: string;
  readonly url: string;
  readonly now: number;
  readonly proof: (flaw?: Flaw, signing?: Signing) => Promise<string>;
  readonly bound: (proof: string) => Fields;
}

const { dpopNegativeBlocks: blocks } = readVectors<{
  readonly dpopNegativeBlocks: readonly { readonly fault: string; readonly expect: string }[];
}>('authorization-server/as-conformance-modules.json');

const claims = (...flaws: readonly Flaw[]): Fault => {
  return ({ proof, bound }) => Promise.all(flaws.map(async (flaw) => bound(await proof(flaw))));
};
const headers = (...flaws: readonly Flaw[]): Fault => {
  return ({ proof, bound }) =>
    Promise.all(flaws.map(async (header) => bound(await proof({}, { header }))));
};
const times =
  (...apart: readonly number[]): Fault =>
  (attempt) =>
    claims(...apart.map((seconds) => ({ iat: attempt.now + seconds })))(attempt);

/** The blocks of the suite's `dpop-negative-tests`, by the words of the table. */
const faults: Readonly<Record<string, Fault>> = {
  'all-caps header name DPOP': async ({ token, proof }) => [
    [
      ['Authorization', `DPoP ${token}`],
      ['DPOP', await proof()],
    ],
  ],
  'two DPoP headers': async ({ proof, bound }) => [
    [...bound(await proof()), ['DPoP', await proof()]],
  ],
  'not a JWT': async ({ bound }) => [bound('not-a-jwt')],
  'header typ / alg / jwk missing': async (attempt) => [
    ...(await headers({ typ: undefined }, { jwk: undefined })(attempt)),
    attempt.bound(await withHeader(attempt, ({ alg: _alg, ...header }) => header)),
  ],
  'claim jti / htm / htu / iat / ath missing': claims(
    ...['jti', 'htm', 'htu', 'iat', 'ath'].map((name) => ({ [name]: undefined })),
  ),
  'wrong typ': headers({ typ: 'JWT' }, { typ: 'at+jwt' }),
  'RS256 proof': async (attempt) => {
    const pair = await generateKeyPair('RS256');
    const jwk = await exportJWK(pair.publicKey);
    const { url, now, token } = attempt;
    const payload = { jti: 'rs256', htm: 'GET', htu: url, iat: now, ath: hash(token) };
    const header = { typ: 'dpop+jwt', alg: 'RS256', jwk };
    const signed = new SignJWT(payload).setProtectedHeader(header).sign(pair.privateKey);
    return [attempt.bound(await signed)];
  },
  'alg none': async (attempt) => {
    const unsigned = await withHeader(attempt, (header) => ({ ...header, alg: 'none' }));
    return [attempt.bound(unsigned), attempt.bound(unsigned.replace(/[^.]*$/, ''))];
  },
  'signature broken': async ({ proof, bound }) => {
    const [header, payload] = (await proof()).split('.');
    const [, , signature] = (await proof()).split('.');
    return [bound([header, payload, signature].join('.'))];
  },
  'private key in jwk': headers({ jwk: { ...clientKey } }),
  'wrong htm': claims({ htm: 'POST' }, { htm: 'get' }),
  'other htu': async (attempt) =>
    claims({ htu: `${attempt.url}/other` }, { htu: 'https://other.example/api/whoami' })(attempt),
  'htu with query or fragment': async (attempt) =>
    claims({ htu: `${attempt.url}?a=b` }, { htu: `${attempt.url}#a` })(attempt),
  'htu scheme or host in upper case, default port written out': async (attempt) =>
    claims({ htu: attempt.url.replace('http:', 'HTTP:') })(attempt),
  'iat one hour past or ahead': times(-3_600, 3_600),
  'jti used before': async ({ proof, bound }) => {
    const used = bound(await proof());
    return [used, used];
  },
  'wrong ath': claims({ ath: hash('another token') }),
  'proof by another key': async ({ proof, bound }) => [
    bound(await proof({}, { key: otherKey, header: { jwk: publicPart(otherKey) } })),
  ],
  'unknown extra claim': claims({ extra: { a: [1] } }),
  'DPoP scheme without proof': async ({ token }) => [[['Authorization', `DPoP ${token}`]]],
  'Bearer scheme, no proof, bound token': async ({ token }) => [
    [['Authorization', `Bearer ${token}`]],
  ],
  'good request at the end': claims({}),
};

/** Tries every block of the table at the API, with one good token. */
export async function expectProofFaults({ app, clock }: Suite, token: string): Promise<void> {
  const { host, port } = new URL(app.issuer);
  const url = `${app.issuer}/api/whoami`;
  const now = clock.now();
  const attempt: Attempt = {
    token,
    url,
    now,
    proof: (flaw, signing) =>
      dpopProof({ htm: 'GET', htu: url, iat: now, ...flaw }, signing, token),
    bound: (proof) => [
      ['Authorization', `DPoP ${token}`],
      ['DPoP', proof],
    ],
  };
  const send = async (fields: Fields) => {
    const headers: Fields = [['Host', host], ...fields];
    return rawRequest(Number(port), { method: 'GET', target: '/api/whoami', headers });
  };
  expect(Object.keys(faults)).toEqual(blocks.map(({ fault }) => fault));
  for (const { fault, expect: expected } of blocks) {
    const requests = (await faults[fault]?.(attempt)) ?? [];
    const statuses: number[] = [];
    for (const request of requests) statuses.push((await send(request)).status);
    expect([fault, statuses]).toEqual([fault, statusesFor(fault, expected, requests.length)]);
  }
}

function statusesFor(fault: string, expected: string, count: number): number[] {
  if (expected.startsWith('accept')) return Array<number>(count).fill(200);
  return Array.from({ length: count }, (_each, index) =>
    fault === 'jti used before' && index === 0 ? 200 : 401,
  );
}

/** A perfect proof whose header was replaced afterwards. */
async function withHeader(
  { proof }: Attempt,
  change: (header: Record<string, unknown>) => object,
): Promise<string> {
  const [header = '', ...rest] = (await proof()).split('.');
  const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
  return [Buffer.from(JSON.stringify(change(read))).toString('base64url'), ...rest].join('.');
}
