import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  accept,
  encryptCompactJwe,
  encryptionKeyFromJwk,
  freshMacKey,
  InMemoryReplayStore,
  type OctJwk,
} from '@keybound/core';
import {
  accessToken,
  clientKey,
  otherKey,
  publicPart,
  requestView,
  sceneOptions,
  signedRequest,
  T0,
} from '@keybound/testing';
import { buildPopResource } from '../resource-server/build-pop-resource.js';
import { popDemand } from '../resource-server/pop-demand.schema.js';
import { baseline } from '../resource-server/pop-options.schema.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const decryptionKey = { ...privateKey.export({ format: 'jwk' }), kid: 'rs-enc-1' };
const encryptionKey = encryptionKeyFromJwk({
  ...publicKey.export({ format: 'jwk' }),
  kid: 'rs-enc-1',
});
const secret = freshMacKey();

/** A token bound to a key that only the resource can read. */
async function boundToken(content: unknown = secret): Promise<string> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return accessToken({ cnf: { jwe: await encryptCompactJwe(text, encryptionKey) } });
}

/** A perfect signed HTTP request under HS256. */
function macRequest(token: string, flaw: object = {}, key: OctJwk = secret, alg = 'HS256'): string {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { at: token, ts: T0, m: 'GET', u: 'api.example.com', p: '/orders' };
  const all = { ...payload, nonce: randomUUID(), ...flaw };
  const input = `${segment({ alg, typ: 'pop' })}.${segment(all)}`;
  const hash = alg === 'HS512' ? 'sha512' : 'sha256';
  return `${input}.${createHmac(hash, Buffer.from(key.k, 'base64url')).update(input).digest('base64url')}`;
}

async function resource(
  symmetric: object | 'off' = {},
  replay: 'strict' | 'when-identified' = 'when-identified',
) {
  const symmetricKeys =
    symmetric === 'off' ? symmetric : { decryptionKeys: [decryptionKey], ...symmetric };
  const { verifier } = await buildPopResource(
    sceneOptions({
      signedHttpRequest: { ...baseline.signedHttpRequest, replay, symmetricKeys },
      replay: { store: new InMemoryReplayStore() },
    }),
  );
  return async (shr: string) => {
    const view = requestView({ headers: { authorization: `PoP ${shr}` } });
    const decision = await verifier.verify(accept(view), popDemand.parse({}));
    if (decision.admitted) return { admitted: true, method: decision.pop.method };
    const { code, requirement } = decision.rejection ?? {};
    return { admitted: false, code, requirement, headers: decision.response.headers };
  };
}

const admitted = { admitted: true, method: 'signed-http-request' };

describe('cnf.jwe (RFC 7800 §3.3)', () => {
  let token: string;

  beforeAll(async () => {
    token = await boundToken();
  });

  it('CNF-06 takes a request under the key inside', async () => {
    const verify = await resource();
    expect(await verify(macRequest(token))).toEqual(admitted);
    expect(await verify(macRequest(token))).toEqual(admitted);
  });

  it.each([
    ['another secret', () => macRequest(token, {}, freshMacKey()), 'shr.signature', 'SHR-20'],
    ['another MAC', () => macRequest(token, {}, secret, 'HS512'), 'shr.alg', 'SHR-22'],
    ['another path', () => macRequest(token, { p: '/admin' }), 'shr.p', 'SHR-05'],
  ])('CNF-06 refuses a request under %s', async (_flaw, request, code, requirement) => {
    const verify = await resource();
    expect(await verify(request())).toMatchObject({ code, requirement });
  });

  it('SHR-22 THR-02 takes no signature for a symmetric key, whoever made it', async () => {
    const verify = await resource();
    expect(await verify(await signedRequest(token))).toMatchObject({
      code: 'shr.alg',
      requirement: 'SHR-22',
    });
  });

  it('SHR-22 THR-02 takes no MAC for a public key, whatever of it is the secret', async () => {
    const verify = await resource();
    const bound = await accessToken({ cnf: { jwk: publicPart(clientKey) } });
    for (const text of [JSON.stringify(publicPart(clientKey)), clientKey.x, '']) {
      const guessed = { ...secret, k: Buffer.from(text).toString('base64url') };
      expect(await verify(macRequest(bound, {}, guessed))).toMatchObject({
        code: 'shr.alg',
        requirement: 'SHR-22',
      });
    }
  });

  it.each([
    ['an elliptic curve key', publicPart(otherKey)],
    ['a private key', otherKey],
    ['a short secret', { ...secret, k: secret.k.slice(0, 40) }],
    ['a key for another algorithm', { ...secret, alg: 'HS512' }],
    ['a key for encryption', { ...secret, use: 'enc' }],
    ['text that is no JSON', 'secret'],
    ['JSON with a member twice', `{"kty":"oct","kty":"oct","k":"${secret.k}"}`],
  ])('CNF-06 SHR-33 refuses a token that holds %s', async (_flaw, content) => {
    const verify = await resource();
    const refused = await verify(macRequest(await boundToken(content)));
    expect(refused).toMatchObject({ code: 'cnf.key', requirement: 'CNF-06' });
  });

  it('CNF-06 refuses a token that is encrypted for somebody else', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    const key = encryptionKeyFromJwk({ ...other.export({ format: 'jwk' }), kid: 'rs-enc-1' });
    const jwe = await encryptCompactJwe(JSON.stringify(secret), key);
    const verify = await resource();
    expect(await verify(macRequest(await accessToken({ cnf: { jwe } })))).toMatchObject({
      code: 'cnf.key',
      requirement: 'CNF-06',
    });
  });

  it('CNF-06 refuses a cnf.jwe that is no string', async () => {
    const verify = await resource();
    expect(await verify(macRequest(await accessToken({ cnf: { jwe: {} } })))).toMatchObject({
      code: 'cnf.form',
      requirement: 'CNF-06',
    });
  });

  it('CNF-02 refuses a token with a public key beside the encrypted one', async () => {
    const { jwe } = { jwe: await encryptCompactJwe(JSON.stringify(secret), encryptionKey) };
    const both = await accessToken({ cnf: { jwe, jwk: publicPart(clientKey) } });
    const verify = await resource();
    expect(await verify(macRequest(both))).toMatchObject({ code: 'cnf.several_keys' });
  });

  it('CNF-05 refuses a secret that everybody can read', async () => {
    const verify = await resource();
    expect(await verify(macRequest(await accessToken({ cnf: { jwk: secret } })))).toMatchObject({
      code: 'cnf.key',
      requirement: 'CNF-05',
    });
  });

  it('CNF-06 SHR-22 is off unless switched on, and never told of in a challenge', async () => {
    const off = await resource('off');
    expect(await off(macRequest(token))).toMatchObject({ code: 'shr.alg' });
    expect(await off(await signedRequest(token))).toMatchObject({ code: 'cnf.key' });
    const on = await resource();
    const { headers } = (await on('a.b.c')) as { headers: readonly (readonly string[])[] };
    const challenge = headers.find(([name]) => name === 'www-authenticate');
    expect(challenge?.[1]).toContain('algs="ES256');
    expect(challenge?.[1]).not.toContain('HS');
  });

  it('CNF-10 refuses a request that does not say which one it is', async () => {
    const verify = await resource();
    expect(await verify(macRequest(token, { nonce: undefined }))).toMatchObject({
      code: 'shr.nonce',
      requirement: 'CNF-10',
    });
    expect(await verify(macRequest(token, { nonce: undefined, jti: 'j-1' }))).toEqual(admitted);
  });

  it('CNF-10 SHR-27 takes a request once, by its name or by its text', async () => {
    const identified = await resource();
    const named = macRequest(token);
    expect(await identified(named)).toEqual(admitted);
    expect(await identified(named)).toMatchObject({ code: 'shr.replayed' });

    const remembering = await resource({ unidentified: 'remembered' });
    const unnamed = macRequest(token, { nonce: undefined });
    expect(await remembering(unnamed)).toEqual(admitted);
    expect(await remembering(unnamed)).toMatchObject({ code: 'shr.replayed' });
  });

  it('SHR-33 does not start with a decryption key that it could not use', async () => {
    const decryptionKeys = [publicKey.export({ format: 'jwk' })];
    await expect(resource({ decryptionKeys })).rejects.toThrow(/not private/);
  });
});
