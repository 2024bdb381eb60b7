import { describe, expect, it } from '@jest/globals';
import { generateSigner, UpstreamError, type PublicJwk, type Signer } from '@keybound/core';
import { T0 } from '@keybound/testing';
import { signingKeysFrom } from './signing-keys-from.js';

/** A holder far away: its private key is known to nobody here. */
async function remoteSigner(sign?: Signer['sign']): Promise<Signer> {
  const held = await generateSigner('ES256');
  return { ...held, sign: sign ?? ((data) => held.sign(data)) };
}

function publishedBy(keys: Awaited<ReturnType<typeof signingKeysFrom>>) {
  return keys.published(T0).then((document) => document['keys'] as unknown as { kid: string }[]);
}

describe('signingKeysFrom', () => {
  it('AS-209 signs by the holder of the key, whose public part it publishes', async () => {
    const signer = await remoteSigner();
    const keys = await signingKeysFrom([signer]);
    const { kid, signer: used } = await keys.current('ES256', T0);
    expect(await publishedBy(keys)).toEqual([
      { ...signer.publicJwk, kid, alg: 'ES256', use: 'sig' },
    ]);
    expect(await used.sign('data')).toHaveLength(64);
    expect((await keys.source.find({ algorithm: 'ES256', kid })).ok).toBe(true);
  });

  it.each([
    ['says so', new UpstreamError('KMS')],
    ['fails in its own words', new TypeError('socket hang up')],
  ])('AS-209 THR-66 takes a holder that %s for an outage', async (_how, error) => {
    const keys = await signingKeysFrom([await remoteSigner(() => Promise.reject(error))]);
    const { signer } = await keys.current('ES256', T0);
    await expect(signer.sign('data')).rejects.toThrow(UpstreamError);
  });

  it('AS-207 THR-64 lets two instances sign with different keys that both publish', async () => {
    const [one, other] = await Promise.all([remoteSigner(), remoteSigner()]);
    const [first, second] = await Promise.all([
      signingKeysFrom([one], [other]),
      signingKeysFrom([other], [one]),
    ]);
    const { kid } = await first.current('ES256', T0);
    expect((await second.current('ES256', T0)).kid).not.toBe(kid);
    expect((await second.source.find({ algorithm: 'ES256', kid })).ok).toBe(true);
    const kids = (await publishedBy(second)).map((key) => key.kid);
    expect(kids.sort()).toEqual((await publishedBy(first)).map((key) => key.kid).sort());
  });

  it('AS-206 refuses one key listed twice, and two signers of one algorithm', async () => {
    const signer = await remoteSigner();
    await expect(signingKeysFrom([signer], [signer])).rejects.toThrow('listed twice');
    await expect(signingKeysFrom([signer, await remoteSigner()])).rejects.toThrow('Two signers');
    await expect(signingKeysFrom([])).rejects.toThrow('needs a signing key');
  });

  it.each([
    ['an RSA key of 1,024 bits', { kty: 'RSA', e: 'AQAB', n: `w${'A'.repeat(169)}Q` }],
    ['a curve that nobody allowed', { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }],
    ['a private key', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) }],
    ['a symmetric key', { kty: 'oct', k: 'A'.repeat(43) }],
  ])('AS-210 AS-206 refuses %s', async (_what, jwk) => {
    const weak = { ...(await remoteSigner()), publicJwk: jwk as unknown as PublicJwk };
    await expect(signingKeysFrom([weak])).rejects.toThrow('cannot be used');
  });
});
