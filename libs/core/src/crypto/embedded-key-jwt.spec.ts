import { describe, expect, it } from '@jest/globals';
import { clientKey, otherKey, publicPart, signerFor, thumbprint } from '@keybound/testing';
import { EmbeddedKeyJwtVerifier } from './embedded-key-jwt.js';
import { signCompactJws } from './signer.js';

const slot = { typ: 'test+jwt', algorithms: ['ES256'], maxLength: 4_096 };
const header = { typ: 'test+jwt', jwk: publicPart(clientKey) };
const signer = await signerFor(clientKey);

function make(claims: object = {}, members: object = header): Promise<string> {
  return signCompactJws({ ...members }, { ...claims }, signer);
}

async function stepOf(verifier: EmbeddedKeyJwtVerifier, jwt: string): Promise<string | undefined> {
  const verified = await verifier.verify(jwt);
  return verified.ok ? undefined : verified.failure.step;
}

function tampered(jwt: string): string {
  const at = jwt.lastIndexOf('.') + 5;
  return jwt.slice(0, at) + (jwt[at] === 'A' ? 'B' : 'A') + jwt.slice(at + 1);
}

describe('EmbeddedKeyJwtVerifier', () => {
  it('tells the key and the claims', async () => {
    const verified = await new EmbeddedKeyJwtVerifier(slot).verify(await make({ a: 1 }));
    expect(verified).toMatchObject({
      ok: true,
      value: { key: { thumbprint: thumbprint(clientKey) }, claims: { a: 1 } },
    });
  });

  it('INV-10 judges each JWT by its own claims and signature, its header known or not', async () => {
    const verifier = new EmbeddedKeyJwtVerifier(slot);
    const jwt = await make({ a: 1 });
    for (let round = 0; round < 2; round += 1) {
      expect(await stepOf(verifier, jwt)).toBeUndefined();
      expect(await stepOf(verifier, tampered(jwt))).toBe('signature');
      const [head = '', , signature = ''] = jwt.split('.');
      expect(await stepOf(verifier, `${head}.e30.${signature}`)).toBe('signature');
      expect(await stepOf(verifier, `${head}.W10.${signature}`)).toBe('payload');
      expect(await stepOf(verifier, `${head}.e30.`)).toBe('format');
    }
  });

  it('INV-5 remembers no header whose key signed nothing', async () => {
    const verifier = new EmbeddedKeyJwtVerifier(slot);
    const forged = await make({}, { ...header, jwk: publicPart(otherKey) });
    expect(await stepOf(verifier, forged)).toBe('signature');
    expect(await stepOf(verifier, forged)).toBe('signature');
    const honest = await signCompactJws(
      { typ: 'test+jwt', jwk: publicPart(otherKey) },
      {},
      await signerFor(otherKey),
    );
    expect(await stepOf(verifier, honest)).toBeUndefined();
  });

  it('THR-10 THR-24 takes no other key parameter for the key, and no private key', async () => {
    const verifier = new EmbeddedKeyJwtVerifier(slot);
    for (const hint of [{ jku: 'https://x.example' }, { x5c: ['MIIB'] }, { kid: '1' }, {}]) {
      expect(await stepOf(verifier, await make({}, { typ: 'test+jwt', ...hint }))).toBe('key');
    }
    expect(await stepOf(verifier, await make({}, { ...header, jwk: clientKey }))).toBe('key');
  });

  it('THR-13 bounds the compact form', async () => {
    const verifier = new EmbeddedKeyJwtVerifier({ ...slot, maxLength: 100 });
    expect(await stepOf(verifier, await make())).toBe('size');
  });
});
