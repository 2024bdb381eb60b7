import { describe, expect, it } from '@jest/globals';
import { decryptionKeysFrom } from './decryption-keys.js';
import { encryptCompactJwe, encryptionKeyFromJwk } from './encryption-key.js';
import { generateEncryptionKeys } from './generate-encryption-keys.js';

describe('generateEncryptionKeys', () => {
  it('CNF-06 makes a pair whose private half opens what the public one closed', async () => {
    const { publicJwk, privateJwk } = await generateEncryptionKeys();
    expect(publicJwk).not.toHaveProperty('d');
    const jwe = await encryptCompactJwe('a secret', encryptionKeyFromJwk(publicJwk));
    const opened = await decryptionKeysFrom([privateJwk]).decrypt(jwe);
    expect(opened).toEqual({ ok: true, value: new TextEncoder().encode('a secret') });
    const other = await generateEncryptionKeys();
    expect((await decryptionKeysFrom([other.privateJwk]).decrypt(jwe)).ok).toBe(false);
  });
});
