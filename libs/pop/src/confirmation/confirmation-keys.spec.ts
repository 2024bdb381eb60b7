import { describe, expect, it } from '@jest/globals';
import { accept, freshMacKey, staticKeys, type DecryptionKeys } from '@keybound/core';
import { clientKey, publicPart, scene } from '@keybound/testing';
import { parseCnf } from './cnf-claim.js';
import { ConfirmationKeys, type ConfirmationKeyPolicy } from './confirmation-keys.js';

function confirmationKeys(own: Partial<ConfirmationKeyPolicy>): ConfirmationKeys {
  const kid = { resolver: undefined, cnfReference: false };
  return new ConfirmationKeys({ jku: { mode: 'off' }, kid, decryption: undefined, ...own });
}

function named(claim: object, algorithm: 'ES256' | 'HS256' = 'HS256') {
  const cnf = parseCnf(claim);
  if (!cnf.ok) throw new Error(cnf.failure.code);
  return { cnf: cnf.value, issuer: scene.issuer, algorithm, reference: undefined };
}

describe('ConfirmationKeys', () => {
  it('CNF-06 decrypts the key of a token once, as long as the token is kept', async () => {
    let decryptions = 0;
    const decryption: DecryptionKeys = {
      decrypt: () => {
        decryptions += 1;
        return Promise.resolve(accept(Buffer.from(JSON.stringify(freshMacKey()))));
      },
    };
    const keys = confirmationKeys({ decryption });
    const token = named({ jwe: 'a.b.c.d.e' });
    const first = await keys.resolve(token);
    expect(await keys.resolve(token)).toEqual(first);
    expect(decryptions).toBe(1);
    await keys.resolve(named({ jwe: 'a.b.c.d.e' }));
    expect(decryptions).toBe(2);
  });

  it('SHR-22 asks no key set for a symmetric key', async () => {
    const source = await staticKeys({ keys: [{ ...publicPart(clientKey), kid: 'k-1' }] });
    const keys = confirmationKeys({
      jku: {
        mode: 'allowed-hosts',
        hosts: new Set(['keys.example']),
        keysOf: () => source,
      },
    });
    const jku = { jku: 'https://keys.example/set', kid: 'k-1' };
    expect(await keys.resolve(named(jku))).toMatchObject({ failure: { code: 'cnf.key_set' } });
    expect(await keys.resolve(named(jku, 'ES256'))).toMatchObject({
      value: { kind: 'signature' },
    });
  });
});
