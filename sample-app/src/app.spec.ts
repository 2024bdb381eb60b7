import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signingKeysFrom } from '@keybound/authorization-server';
import { seconds, StoreUnavailableError, type Signer } from '@keybound/core';
import { makeDpopProof, signHttpRequest } from '@keybound/pop';
import {
  accessToken,
  clientKey,
  issuerKey,
  jkt,
  publicPart,
  signerFor,
  thumbprint,
} from '@keybound/testing';
import { runApp, type RunningApp } from './running-app.js';
import { readSettings } from './settings/read-settings.js';

const now = seconds(1_800_000_000);
const issuer = 'http://localhost:3000';
const clock = { now: () => now };
const audit = { record: () => undefined };

describe.each(['express', 'fastify'])('the sample app on %s', (adapter) => {
  const settings = { ...readSettings({ HTTP_ADAPTER: adapter }), port: 0 };
  let app: RunningApp;
  let signer: Signer;

  beforeAll(async () => {
    signer = await signerFor(clientKey);
    app = await runApp(settings, await parts());
  });
  afterAll(() => app.close());

  /** The app signs with a key that this test knows. */
  async function parts() {
    return { clock, audit, keys: await signingKeysFrom([await signerFor(issuerKey)]) };
  }

  const call = (path: string, init?: RequestInit) => fetch(app.address + path, init);
  const proofFor = (method: string, path: string, extra: object = {}) =>
    makeDpopProof({ method, url: issuer + path, issuedAt: now, ...extra }, signer);

  /** A token of the app's own. */
  function ownToken(claims: object = {}): Promise<string> {
    const own = { iss: issuer, aud: [`${issuer}/api`, issuer], iat: now, exp: now + 300 };
    return accessToken({ ...own, ...claims }, { header: { kid: thumbprint(issuerKey) } });
  }
  const dpopToken = (claims: object = {}) => ownToken({ cnf: { jkt }, ...claims });
  const jwkToken = () => ownToken({ cnf: { jwk: publicPart(clientKey) } });

  async function dpopHeaders(method: string, path: string, token: string) {
    const dpop = await proofFor(method, path, { accessToken: token });
    return { authorization: `DPoP ${token}`, dpop };
  }

  describe('whoami', () => {
    it.each(['GET', 'PUT', 'DELETE'])('tells who holds which key: %s', async (method) => {
      const token = await dpopToken({ sub: 'bob' });
      const headers = await dpopHeaders(method, '/api/whoami', token);
      const answer = await call('/api/whoami', { method, headers });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({
        sub: 'bob',
        client_id: 'client-1',
        cnf: { jkt: expect.stringMatching(/^[\w-]{43}$/) },
        method: 'dpop',
      });
    });

    it('knows signed HTTP requests', async () => {
      const target = { method: 'GET', url: `${issuer}/api/whoami` };
      const signed = await signHttpRequest(
        { accessToken: await jwkToken(), ...target, issuedAt: now },
        signer,
      );
      const answer = await call('/api/whoami', { headers: { authorization: `PoP ${signed}` } });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ sub: 'alice', method: 'signed-http-request' });
    });

    it('RS-02 offers PoP and DPoP, in this order and without an error, to whom has nothing', async () => {
      const answer = await call('/api/whoami');
      const challenges = answer.headers.get('www-authenticate') ?? '';
      expect(answer.status).toBe(401);
      expect(challenges).toMatch(/^PoP .*, DPoP /);
      expect(challenges).not.toMatch(/error|Bearer/);
    });
  });

  describe('echo', () => {
    const content = JSON.stringify({ amount: 1 });
    const signedEcho = async (sent: string) => {
      const target = { method: 'POST', url: `${issuer}/api/echo`, issuedAt: now };
      const bytes = new TextEncoder().encode(content);
      const made = { accessToken: await jwkToken(), ...target, content: bytes };
      const signed = await signHttpRequest(made, signer);
      const headers = { authorization: `PoP ${signed}`, 'content-type': 'application/json' };
      return call('/api/echo', { method: 'POST', headers, body: sent });
    };

    it('returns what a signed HTTP request covers', async () => {
      const answer = await signedEcho(content);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({ amount: 1 });
    });

    it('refuses content that was changed on the way', async () => {
      const answer = await signedEcho(JSON.stringify({ amount: 1_000_000 }));
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^PoP error="invalid_token"/);
    });

    it('takes DPoP, which cannot cover content', async () => {
      const headers = await dpopHeaders('POST', '/api/echo', await dpopToken());
      const answer = await call('/api/echo', json({ amount: 1 }, headers));
      expect(answer.status).toBe(200);
    });

    it.each([
      ['text/plain', 'plain'],
      ['application/x-www-form-urlencoded', 'a=1'],
      ['application/xml', '<a/>'],
    ])('answers 415 in OAuth shape to %s', async (type, body) => {
      const headers = await dpopHeaders('POST', '/api/echo', await dpopToken());
      const init = { method: 'POST', headers: { ...headers, 'content-type': type }, body };
      const answer = await call('/api/echo', init);
      expect(answer.status).toBe(415);
      expect(await answer.json()).toEqual({ error: 'invalid_request' });
    });
  });

  describe('scopes', () => {
    it('RS-41 refuses the admin route, to whom has not its scope', async () => {
      const token = await dpopToken({ scope: 'read' });
      const headers = await dpopHeaders('GET', '/api/admin', token);
      const answer = await call('/api/admin', { headers });
      expect(answer.status).toBe(403);
      const challenges = answer.headers.get('www-authenticate') ?? '';
      expect(challenges).toMatch(/DPoP error="insufficient_scope".* scope="admin"/);
      expect(challenges).toContain('resource_metadata=');
    });
  });

  describe('without a token', () => {
    it.each(['/api/public', '/healthz', '/readyz'])('answers %s', async (path) => {
      expect((await call(path)).status).toBe(200);
    });
  });

  describe('resource metadata', () => {
    it('RS-30 RS-31 RS-32 is found where challenges say, and names the API', async () => {
      const challenge = (await call('/api/whoami')).headers.get('www-authenticate') ?? '';
      const [, url = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
      expect(url).toBe(`${issuer}/.well-known/oauth-protected-resource/api`);
      const answer = await call(new URL(url).pathname);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const [, algorithms = ''] = /DPoP algs="([^"]+)"/.exec(challenge) ?? [];
      expect(await answer.json()).toEqual({
        resource: `${issuer}/api`,
        authorization_servers: [issuer],
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: algorithms.split(' '),
        dpop_bound_access_tokens_required: false,
        scopes_supported: ['read', 'write', 'admin'],
        resource_name: 'Keybound sample API',
      });
    });

    it('RS-34 is named in every challenge of a 401', async () => {
      const challenge = (await call('/api/whoami')).headers.get('www-authenticate') ?? '';
      expect(challenge.match(/resource_metadata=/g)).toHaveLength(2);
    });
  });

  describe('errors', () => {
    it('THR-83 keep the nonce of a challenge', async () => {
      const other = await runApp({ ...settings, serverNonces: 'required' }, await parts());
      const token = await dpopToken();
      const headers = await dpopHeaders('GET', '/api/whoami', token);
      const answer = await fetch(`${other.address}/api/whoami`, { headers });
      await other.close();
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('error="use_dpop_nonce"');
      expect(answer.headers.get('dpop-nonce')).toMatch(/^\S+$/);
    });

    it('THR-83 keep the moment at which to come back', async () => {
      const replay = {
        sharing: 'process' as const,
        claim: () => Promise.reject(new StoreUnavailableError('down')),
      };
      const other = await runApp(settings, { ...(await parts()), replay });
      const headers = await dpopHeaders('GET', '/api/whoami', await dpopToken());
      const answer = await fetch(`${other.address}/api/whoami`, { headers });
      await other.close();
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await answer.json()).toEqual({ error: 'temporarily_unavailable' });
    });
  });
});

function json(body: object, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
