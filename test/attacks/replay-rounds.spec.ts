import { describe, expect, it } from '@jest/globals';
import { accept, InMemoryReplayStore, type ReplayStore } from '@keybound/core';
import { buildPopResource, popDemand } from '@keybound/pop';
import {
  accessToken,
  answeringLate,
  clientKey,
  hash,
  issuerJwks,
  publicPart,
  RecordedAudit,
  requestView,
  scene,
  SettableClock,
  T0,
} from '@keybound/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { es256, forge } from '../support/forge.js';

const copies = 25;
/** For a machine that is busy with something else. */
const demand = popDemand.parse({});
const token = await accessToken();

const signature = es256(clientKey);
const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: publicPart(clientKey) };

/** As `dpopProof` does, with a key that is imported once. */
function makeProof(): string {
  const { method: htm, url: htu } = scene;
  const claims = { jti: crypto.randomUUID(), htm, htu, iat: T0, ath: hash(token) };
  return forge(header, claims, signature);
}

function instance(store: ReplayStore) {
  return buildPopResource({
    preset: 'baseline',
    deployment: 'development',
    resource: scene.resource,
    publicBaseUrl: scene.resource,
    issuers: [{ issuer: scene.issuer, jwks: issuerJwks }],
    replay: { store },
    audit: new RecordedAudit(),
    clock: new SettableClock(),
  });
}

/** How often each proof was admitted, all copies of all proofs being under way at once. */
async function admissions(store: ReplayStore, rounds = 1_000): Promise<readonly number[]> {
  const verifiers = await Promise.all([instance(store), instance(store)]);
  const proofs = Array.from({ length: rounds }, makeProof);
  const counts = proofs.map(() => 0);
  const attempts = Array.from({ length: copies }, (_, copy) =>
    proofs.map(async (proof, round) => {
      const view = requestView({ headers: { authorization: `DPoP ${token}`, dpop: proof } });
      const decision = await verifiers[copy % 2]?.verifier.verify(accept(view), demand);
      if (decision?.admitted === true) counts[round] = (counts[round] ?? 0) + 1;
    }),
  );
  await Promise.all(attempts.flat());
  return counts;
}

describe('A thousand proofs, 25 copies of each at once, at two instances', () => {
  it('THR-28 OPS-05 admits each exactly once', async () => {
    const counts = await admissions(new InMemoryReplayStore());
    expect(counts.filter((count) => count === 1)).toHaveLength(1_000);
  });

  it('THR-28 OPS-05 admits each exactly once, the store answering late', async () => {
    const counts = await admissions(answeringLate(new InMemoryReplayStore()));
    expect(counts.filter((count) => count === 1)).toHaveLength(1_000);
  });

  it('INV-6 would tell a store that looks first and writes later from an atomic one', async () => {
    const seen = new Set<string>();
    const counts = await admissions(
      {
        sharing: 'process',
        async claim([spend]) {
          const key = Buffer.from(spend?.digest ?? []).toString('hex');
          const known = seen.has(key);
          await pause(20);
          seen.add(key);
          return known && spend !== undefined
            ? { claimed: false, spent: spend, reason: 'used' }
            : { claimed: true };
        },
      },
      20,
    );
    expect(counts.filter((count) => count > 1).length).toBeGreaterThan(0);
  });
});
