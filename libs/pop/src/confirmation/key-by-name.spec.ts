import { describe, expect, it } from '@jest/globals';
import { accept, UpstreamError } from '@keybound/core';
import {
  accessToken,
  clientKey,
  jkt,
  otherKey,
  publicPart,
  requestView,
  scene,
  sceneOptions,
  signedRequest,
  thumbprint,
  type Signing,
} from '@keybound/testing';
import { buildPopResource } from '../resource-server/build-pop-resource.js';
import { popDemand } from '../resource-server/pop-demand.schema.js';
import { baseline } from '../resource-server/pop-options.schema.js';
import type { KidResolver } from './key-by-name.js';

async function resource(
  section: { readonly profile?: 'microsoft'; readonly resolveKid?: KidResolver } = {},
) {
  const signedHttpRequest = { ...baseline.signedHttpRequest, ...section };
  const { verifier } = await buildPopResource(sceneOptions({ signedHttpRequest }));
  return async (shr: string, url: string = scene.url) => {
    const view = requestView({ url, headers: { authorization: `PoP ${shr}` } });
    const decision = await verifier.verify(accept(view), popDemand.parse({}));
    if (decision.admitted) return { admitted: true, covered: decision.pop.covered };
    const { rejection, response } = decision;
    return { admitted: false, status: response.status, ...rejection };
  };
}

const named = (kid: string) => accessToken({ cnf: { kid, xms_ksl: 'sw' } });
const carried = { cnf: { jwk: { ...publicPart(clientKey), key_ops: ['verify'], ext: true } } };
const byOther: Signing = { key: otherKey };

describe('cnf.kid by reference (profile microsoft)', () => {
  it('CNF-07 takes the key that the request carries, if its thumbprint is kid', async () => {
    const verify = await resource({ profile: 'microsoft' });
    expect(await verify(await signedRequest(await named(jkt), carried))).toMatchObject({
      admitted: true,
    });
  });

  it.each([
    ['another key', { cnf: { jwk: publicPart(otherKey) } }],
    ['a private key', { cnf: { jwk: otherKey } }],
    ['no key', {}],
    ['a reference to a reference', { cnf: { kid: thumbprint(otherKey) } }],
    ['a key set', { cnf: { jku: 'https://keys.example/set' } }],
    ['a key with a key set beside', { cnf: { ...carried.cnf, jku: 'https://keys.example/set' } }],
    ['an encrypted key', { cnf: { jwe: 'a.b.c.d.e' } }],
    ['a confirmation that is no object', { cnf: 'jwk' }],
  ])('CNF-07 refuses a request that carries %s', async (_flaw, flaw) => {
    const verify = await resource({ profile: 'microsoft' });
    for (const signing of [{}, byOther]) {
      const request = await signedRequest(await named(jkt), flaw, signing);
      expect(await verify(request)).toMatchObject({ admitted: false, code: 'cnf.key' });
    }
  });

  it('CNF-07 SHR-20 refuses a request signed by another key than the one it carries', async () => {
    const verify = await resource({ profile: 'microsoft' });
    expect(await verify(await signedRequest(await named(jkt), carried, byOther))).toMatchObject({
      code: 'shr.signature',
    });
  });

  it('CNF-07 refuses a kid that is no thumbprint', async () => {
    const verify = await resource({ profile: 'microsoft' });
    expect(await verify(await signedRequest(await named('key-1'), carried))).toMatchObject({
      code: 'cnf.key',
      requirement: 'CNF-07',
    });
  });

  it('CNF-07 does not believe the carried key where the token names its own', async () => {
    const verify = await resource({ profile: 'microsoft' });
    const token = await accessToken({ cnf: { jwk: publicPart(clientKey) } });
    const substituted = { cnf: { jwk: publicPart(otherKey) } };
    expect(await verify(await signedRequest(token, substituted, byOther))).toMatchObject({
      code: 'shr.signature',
    });
  });

  it('CNF-07 is off unless switched on', async () => {
    const verify = await resource();
    expect(await verify(await signedRequest(await named(jkt), carried))).toMatchObject({
      code: 'cnf.key',
      requirement: 'CNF-07',
    });
  });
});

describe('cnf.kid by resolver', () => {
  it('CNF-07 asks the host, for this issuer, before anything else', async () => {
    const asked: (readonly string[])[] = [];
    const verify = await resource({
      profile: 'microsoft',
      resolveKid: (...names) => {
        asked.push(names);
        return Promise.resolve(publicPart(clientKey));
      },
    });
    expect(await verify(await signedRequest(await named('key-1')))).toMatchObject({
      admitted: true,
    });
    expect(asked).toEqual([['key-1', scene.issuer]]);
  });

  it('CNF-07 refuses a name that the host does not know, and a key that is none', async () => {
    const unknown = await resource({ resolveKid: () => Promise.resolve(undefined) });
    expect(await unknown(await signedRequest(await named('key-1')))).toMatchObject({
      code: 'cnf.key',
      requirement: 'CNF-07',
    });
    const unsound = await resource({ resolveKid: () => Promise.resolve({ kty: 'EC' }) });
    expect(await unsound(await signedRequest(await named('key-1')))).toMatchObject({
      code: 'cnf.key',
      requirement: 'CNF-04',
    });
  });

  it('CNF-07 answers 503 while the host cannot tell', async () => {
    const verify = await resource({ resolveKid: () => Promise.reject(new UpstreamError('down')) });
    expect(await verify(await signedRequest(await named('key-1')))).toMatchObject({ status: 503 });
  });
});

describe('the rest of profile microsoft', () => {
  const token = () => named(jkt);

  it.each(['/orders', '/ORDERS/', '//orders//'])('SHR-05 takes %s for /orders', async (p) => {
    const verify = await resource({ profile: 'microsoft' });
    const request = await signedRequest(await token(), { ...carried, p });
    expect(await verify(request)).toMatchObject({ admitted: true });
  });

  it.each(['/order', '/or/ders', '/%6frders', '/\u212Aorders', 7])(
    'SHR-05 takes %j for no path but its own',
    async (p) => {
      const verify = await resource({ profile: 'microsoft' });
      const request = await signedRequest(await token(), { ...carried, p });
      expect(await verify(request, `${scene.resource}/orders`)).toMatchObject({ code: 'shr.p' });
    },
  );

  it('SHR-05 folds ASCII letters alone', async () => {
    const verify = await resource({ profile: 'microsoft' });
    const request = await signedRequest(await token(), { ...carried, p: '/\u212Aeys' });
    expect(await verify(request, `${scene.resource}/keys`)).toMatchObject({ code: 'shr.p' });
  });

  it('SHR-13 passes over a q that names nothing, and counts it as no coverage', async () => {
    const verify = await resource({ profile: 'microsoft' });
    const request = await signedRequest(await token(), { ...carried, q: [[], 'a=1'] });
    const outcome = await verify(request, `${scene.url}?a=1`);
    expect(outcome).toMatchObject({ admitted: true, covered: { q: new Set() } });
  });

  it('SHR-13 verifies a q that names something', async () => {
    const verify = await resource({ profile: 'microsoft' });
    const request = await signedRequest(await token(), { ...carried, q: [['a'], 'a=1'] });
    expect(await verify(request, `${scene.url}?a=1`)).toMatchObject({ code: 'shr.q' });
  });

  it('SHR-14 SHR-15 does not take it for the q that a policy requires', async () => {
    const required = async (section: object) => {
      const { verifier } = await buildPopResource(
        sceneOptions({
          signedHttpRequest: { ...baseline.signedHttpRequest, profile: 'microsoft', ...section },
        }),
      );
      const request = await signedRequest(await token(), { ...carried, q: [[], 'a=1'] });
      const view = requestView({
        url: `${scene.url}?a=1`,
        headers: { authorization: `PoP ${request}` },
      });
      return verifier.verify(accept(view), popDemand.parse({}));
    };
    expect(await required({ require: ['ts', 'q'] })).toMatchObject({
      rejection: { code: 'shr.q', requirement: 'SHR-14' },
    });
    expect(await required({ rejectUnsignedQuery: true })).toMatchObject({
      rejection: { code: 'shr.q', requirement: 'SHR-15' },
    });
  });
});
