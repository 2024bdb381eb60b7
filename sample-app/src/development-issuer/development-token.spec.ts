import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seconds, signerFromKeyPair, thumbprintOf, type Signer } from '@keybound/core';
import { makeDpopProof } from '@keybound/pop';
import { decodeJwt, generateKeyPair } from 'jose';
import { runApp, type RunningApp } from '../running-app.js';
import { readSettings } from '../settings.js';

const now = seconds(1_800_000_000);
const endpoint = 'http://localhost:3000/development/token';

describe('POST /development/token', () => {
  let app: RunningApp;
  let signer: Signer;

  beforeAll(async () => {
    signer = await signerFromKeyPair(await generateKeyPair('ES256'), 'ES256');
    const audit = { record: () => undefined };
    app = await runApp({ ...readSettings({}), port: 0 }, { clock: { now: () => now }, audit });
  });
  afterAll(() => app.close());

  const proof = (url = endpoint) => makeDpopProof({ method: 'POST', url, issuedAt: now }, signer);
  const ask = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${app.address}/development/token`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('binds a token to the key of a DPoP proof', async () => {
    const { body } = await ask({ scope: 'read' }, { dpop: await proof() });
    expect(body).toMatchObject({ token_type: 'DPoP', expires_in: 300, scope: 'read' });
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      iss: 'http://localhost:3000',
      aud: 'http://localhost:3000/api',
      sub: 'alice',
      exp: now + 300,
      cnf: { jkt: await thumbprintOf(signer.publicJwk) },
    });
  });

  it('binds a token to a key that is named', async () => {
    const { body } = await ask({ sub: 'bob', jwk: signer.publicJwk });
    expect(body['token_type']).toBe('PoP');
    const claims = decodeJwt(String(body['access_token']));
    expect(claims).toMatchObject({ sub: 'bob', cnf: { jwk: { crv: 'P-256' } } });
  });

  it('never grants the scope admin', async () => {
    const { body } = await ask({ scope: 'admin' }, { dpop: await proof() });
    expect(body).not.toHaveProperty('scope');
    expect(decodeJwt(String(body['access_token']))).not.toHaveProperty('scope');
  });

  it('refuses a proof that was made for something else', async () => {
    const { status, body } = await ask({}, { dpop: await proof(`${endpoint}/other`) });
    expect([status, body['error']]).toEqual([400, 'invalid_dpop_proof']);
  });

  it.each<[string, object, Record<string, string>]>([
    ['no key', {}, {}],
    ['two keys', { jwk: { kty: 'EC' } }, { dpop: 'x' }],
    ['a private key', { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'x' } }, {}],
    ['an unknown member', { admin: true }, { dpop: 'x' }],
    ['a scope that is no text', { scope: ['admin'] }, { dpop: 'x' }],
  ])('refuses %s', async (_flaw, asked, headers) => {
    const { status, body } = await ask(asked, headers);
    expect([status, body['error']]).toEqual([400, 'invalid_request']);
  });
});
