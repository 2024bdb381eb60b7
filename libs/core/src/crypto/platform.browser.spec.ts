import { describe, expect, it } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { signatureAlgorithmNames, signatureAlgorithms } from './algorithms.js';
import * as browser from './platform.browser.js';
import * as node from './platform.js';

const samples = ['', 'a', 'text', 'ünï©ode 😀', 'x'.repeat(100_000)];
const octets = [0, 1, 2, 3, 255, 256, 1_000].map((length) =>
  Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 256),
);

describe('platform.browser, in Node beside platform', () => {
  it('hashes text and octets alike', async () => {
    for (const data of [...samples, ...octets]) {
      expect(Buffer.from(await browser.sha256(data))).toEqual(Buffer.from(node.sha256(data)));
      expect(await browser.sha256Base64url(data)).toBe(node.sha256Base64url(data));
    }
  });

  it('hashes a view into a larger buffer by its own octets', async () => {
    const view = new Uint8Array(Buffer.from('--text--')).subarray(2, 6);
    expect(await browser.sha256Base64url(view)).toBe(node.sha256Base64url('text'));
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    shared.set(view);
    expect(await browser.sha256Base64url(shared)).toBe(node.sha256Base64url('text'));
  });

  it('THR-05 encodes and decodes base64url alike', () => {
    for (const data of octets) {
      const text = node.encodeBase64url(data);
      expect(browser.encodeBase64url(data)).toBe(text);
      expect(Buffer.from(browser.decodeCanonicalBase64url(text))).toEqual(
        Buffer.from(node.decodeCanonicalBase64url(text)),
      );
    }
  });

  it.each(signatureAlgorithmNames)(
    'signs and verifies %s so that each takes the other’s',
    async (name) => {
      const algorithm = signatureAlgorithms[name];
      const { publicKey, privateKey } = await generateKeyPair(name, { extractable: true });
      const inNode = {
        verify: node.toPlatformKey(publicKey),
        sign: node.toPlatformKey(privateKey),
      };
      const byNode = node.signBytes(algorithm, inNode.sign, 'header.payload');
      const byBrowser = await browser.signBytes(
        algorithm,
        browser.toPlatformKey(privateKey),
        'header.payload',
      );
      for (const signature of [byNode, byBrowser]) {
        expect(await node.verifyBytes(algorithm, inNode.verify, 'header.payload', signature)).toBe(
          true,
        );
        expect(await browser.verifyBytes(algorithm, publicKey, 'header.payload', signature)).toBe(
          true,
        );
        expect(await node.verifyBytes(algorithm, inNode.verify, 'header.changed', signature)).toBe(
          false,
        );
        expect(await browser.verifyBytes(algorithm, publicKey, 'header.changed', signature)).toBe(
          false,
        );
      }
    },
  );
});
