import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { UpstreamError } from '../errors/faults.js';
import type { OutgoingHttp } from '../outgoing-http/outgoing-http.js';
import { seconds } from '../time/clock.js';
import { discoveredKeys } from './discovered-keys.js';

const issuer = 'https://issuer.example';
const configuration = `${issuer}/.well-known/openid-configuration`;

async function setUp(returnedIssuer = issuer) {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'a' }] };
  const state = { now: 1_000_000, asked: [] as string[], jwksUri: `${issuer}/jwks` };
  const http: OutgoingHttp = {
    get: (url) => {
      state.asked.push(url);
      const metadata = { issuer: returnedIssuer, jwks_uri: state.jwksUri };
      const document = url === configuration ? metadata : jwks;
      const body = new TextEncoder().encode(JSON.stringify(document));
      return Promise.resolve({ body, maxAgeSeconds: undefined });
    },
  };
  const keys = discoveredKeys(issuer, { http, clock: { now: () => seconds(state.now) } });
  return { state, find: () => keys.find({ algorithm: 'ES256', kid: 'a' }) };
}

describe('discoveredKeys', () => {
  it('OIDC-09 finds the keys of an issuer by its name, and follows them when they move', async () => {
    const { state, find } = await setUp();
    expect(await find()).toMatchObject({ ok: true, value: { jwk: { kid: 'a' } } });
    await find();
    expect(state.asked).toEqual([configuration, `${issuer}/jwks`]);
    state.jwksUri = `${issuer}/moved`;
    state.now += 600;
    await find();
    expect(state.asked.slice(2)).toEqual([configuration, `${issuer}/moved`]);
  });

  it('OIDC-10 takes no keys from an issuer of another name', async () => {
    const { state, find } = await setUp(`${issuer}/`);
    await expect(find()).rejects.toThrow(UpstreamError);
    await expect(find()).rejects.toThrow(UpstreamError);
    expect(state.asked).toEqual([configuration]);
  });
});
