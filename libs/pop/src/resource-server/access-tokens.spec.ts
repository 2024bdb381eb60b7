import { describe, expect, it } from '@jest/globals';
import { accept, UpstreamError, type JsonObject } from '@keybound/core';
import {
  accessToken,
  dpopProof,
  issuerJwks,
  jkt,
  requestView,
  scene,
  sceneOptions,
  T0,
} from '@keybound/testing';
import { buildPopResource } from './build-pop-resource.js';
import { popDemand } from './pop-demand.schema.js';
import type { PopOptions } from './pop-options.schema.js';

const issuer = { issuer: scene.issuer, jwks: issuerJwks };
const reference = 'at_reference~1';
const active: JsonObject = {
  active: true,
  aud: scene.resource,
  sub: scene.subject,
  exp: T0 + 600,
  cnf: { jkt },
};

async function present(token: string, own: Partial<PopOptions>) {
  const { verifier } = await buildPopResource(sceneOptions(own));
  const headers = { authorization: `DPoP ${token}`, dpop: await dpopProof({}, {}, token) };
  return verifier.verify(accept(requestView({ headers })), popDemand.parse({}));
}

function introspecting(answer: JsonObject): Partial<PopOptions> {
  const by = { introspect: () => Promise.resolve(accept(answer)) };
  return { issuers: [{ ...issuer, introspection: { by } }] };
}

describe('status of tokens, of an issuer in the same process', () => {
  function withStatus(isActive: () => Promise<boolean>): Partial<PopOptions> {
    return { issuers: [{ ...issuer, status: { isActive } }] };
  }

  it('AS-247 admits what is active, and asks with every request', async () => {
    let asked = 0;
    const status = { isActive: () => Promise.resolve((asked += 1) > 0) };
    const { verifier } = await buildPopResource(sceneOptions({ issuers: [{ ...issuer, status }] }));
    const token = await accessToken();
    for (let times = 0; times < 2; times += 1) {
      const headers = { authorization: `DPoP ${token}`, dpop: await dpopProof({}, {}, token) };
      const decision = await verifier.verify(accept(requestView({ headers })), popDemand.parse({}));
      expect(decision.admitted).toBe(true);
    }
    expect(asked).toBe(2);
  });

  it('AS-247 refuses a revoked token, also one that it has admitted before', async () => {
    let revoked = false;
    const status = { isActive: () => Promise.resolve(!revoked) };
    const { verifier } = await buildPopResource(sceneOptions({ issuers: [{ ...issuer, status }] }));
    const token = await accessToken();
    const send = async () => {
      const headers = { authorization: `DPoP ${token}`, dpop: await dpopProof({}, {}, token) };
      return verifier.verify(accept(requestView({ headers })), popDemand.parse({}));
    };
    expect((await send()).admitted).toBe(true);
    revoked = true;
    expect(await send()).toMatchObject({
      rejection: { code: 'token.revoked', requirement: 'AS-247', error: 'invalid_token' },
      response: { status: 401 },
    });
  });

  it('AS-247 asks nobody about a token that fails by itself', async () => {
    const options = withStatus(() => Promise.reject(new Error('asked')));
    const decision = await present(await accessToken({ exp: T0 - 60 }), options);
    expect(decision).toMatchObject({ rejection: { code: 'token.expired' } });
  });

  it('AS-247 THR-66 answers 503 while the status cannot be had', async () => {
    const options = withStatus(() => Promise.reject(new UpstreamError('down')));
    const decision = await present(await accessToken(), options);
    expect(decision).toMatchObject({ admitted: false, response: { status: 503 } });
  });
});

describe('reference tokens', () => {
  it('DPOP-19 CNF-15 RS-15 admits one under the key that introspection names', async () => {
    expect(await present(reference, introspecting(active))).toMatchObject({
      admitted: true,
      pop: { method: 'dpop', thumbprint: jkt },
    });
  });

  it('DPOP-19 refuses one that introspection binds to another key', async () => {
    const other = { ...active, cnf: { jkt: 'A'.repeat(43) } };
    expect(await present(reference, introspecting(other))).toMatchObject({
      rejection: { error: 'invalid_token' },
      response: { status: 401 },
    });
  });

  it('CNF-15 refuses one under a proof that introspection binds to nothing', async () => {
    const unbound = { ...active, cnf: undefined };
    expect(await present(reference, introspecting(unbound))).toMatchObject({
      rejection: { code: 'cnf.absent', error: 'invalid_token' },
    });
  });

  it('RS-22 refuses one that is not active', async () => {
    expect(await present(reference, introspecting({ active: false }))).toMatchObject({
      rejection: { code: 'token.inactive' },
      response: { status: 401 },
    });
  });

  it('RS-13 verifies a JWT by its signature all the same', async () => {
    const forged = await accessToken({}, { header: { kid: 'unknown' } });
    expect(await present(forged, introspecting(active))).toMatchObject({
      rejection: { code: 'token.key' },
    });
  });

  it('RS-13 refuses one where no issuer is asked', async () => {
    expect(await present(reference, {})).toMatchObject({ rejection: { code: 'token.format' } });
  });

  it('RS-20 refuses to start with two issuers that would both be asked', async () => {
    const [first] = introspecting(active).issuers ?? [];
    if (typeof first !== 'object') throw new Error('no issuer');
    const second = { ...first, issuer: 'https://other.example' };
    await expect(buildPopResource(sceneOptions({ issuers: [first, second] }))).rejects.toThrow(
      'does not say whose it is',
    );
  });
});

describe('access tokens in forms', () => {
  async function post(fields: string, own: Partial<PopOptions>, more: Record<string, string> = {}) {
    const { verifier } = await buildPopResource(
      sceneOptions({ unboundTokens: 'accepted', ...own }),
    );
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...more };
    const request = requestView({ method: 'POST', headers, body: fields });
    return verifier.verify(accept(request), popDemand.parse({}));
  }
  const inForms = { bearerTransports: ['header', 'form'] } satisfies Partial<PopOptions>;
  const unbound = () => accessToken({ cnf: undefined });

  it('OIDC-35 RS-07 takes an unbound one where the operator says so', async () => {
    const decision = await post(`x=1&access_token=${await unbound()}`, inForms);
    expect(decision).toMatchObject({ admitted: true, pop: { method: undefined } });
  });

  it('RS-06 refuses it by default', async () => {
    const decision = await post(`access_token=${await unbound()}`, {});
    expect(decision).toMatchObject({ rejection: { code: 'credentials.transport' } });
  });

  it('OIDC-35 DPOP-27 refuses a bound one, which a form cannot prove', async () => {
    const decision = await post(`access_token=${await accessToken()}`, inForms);
    expect(decision).toMatchObject({ rejection: { error: 'invalid_token' } });
  });

  it('RS-07 refuses two, one in the header and one in the form among them', async () => {
    const token = await unbound();
    const twice = `access_token=${token}&access_token=${token}`;
    expect(await post(twice, inForms)).toMatchObject({
      rejection: { code: 'credentials.several' },
    });
    const header = { authorization: `Bearer ${token}` };
    expect(await post(`access_token=${token}`, inForms, header)).toMatchObject({
      rejection: { code: 'credentials.several' },
    });
  });

  it('RS-08 DPOP-25 refuses what is no token68, and a proof beside it', async () => {
    expect(await post('access_token=a%20b', inForms)).toMatchObject({
      rejection: { code: 'credentials.malformed' },
    });
    const proof = { dpop: await dpopProof() };
    expect(await post(`access_token=${await unbound()}`, inForms, proof)).toMatchObject({
      rejection: { code: 'credentials.proof_with_bearer' },
    });
  });

  it('RS-06 refuses one in the query all the same, and in the form of a PUT', async () => {
    const { verifier } = await buildPopResource(sceneOptions(inForms));
    const token = await unbound();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const requests = [
      requestView({ url: `${scene.url}?access_token=${token}` }),
      requestView({ method: 'PUT', headers, body: `access_token=${token}` }),
    ];
    for (const request of requests) {
      expect(await verifier.verify(accept(request), popDemand.parse({}))).toMatchObject({
        rejection: { code: 'credentials.transport' },
      });
    }
  });
});
