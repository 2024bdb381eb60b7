import { describe, expect, it } from '@jest/globals';
import {
  signCompactJws,
  staticKeys,
  UpstreamError,
  type JsonObject,
  type OutgoingFormRequest,
} from '@keybound/core';
import {
  issuerJwks,
  issuerKey,
  otherKey,
  scene,
  signerFor,
  T0,
  type Flaw,
  type Signing,
} from '@keybound/testing';
import { remoteIntrospection } from './remote-introspection.js';

const endpoint = 'https://as.example.com/introspect';
const answer = { active: true, sub: 'alice' };

/** An issuer that answers in so many words, and what it was asked. */
function issuerAnswering(body: string) {
  const asked: (OutgoingFormRequest & { readonly url: string })[] = [];
  const http = {
    postForm: (url: string, request: OutgoingFormRequest) => {
      asked.push({ url, ...request });
      return Promise.resolve({ body: Buffer.from(body), maxAgeSeconds: undefined });
    },
  };
  return { asked, http };
}

async function signedAnswer(flaw: Flaw = {}, signing: Signing = {}): Promise<string> {
  const claims = { iss: scene.issuer, aud: 'rs: 1', iat: T0, token_introspection: answer, ...flaw };
  const header = { typ: 'token-introspection+jwt', kid: 'issuer-1', ...signing.header };
  return signCompactJws(header, claims, await signerFor(signing.key ?? issuerKey));
}

async function askSigned(body: string) {
  const { http, asked } = issuerAnswering(body);
  const keys = await staticKeys(issuerJwks);
  const signedBy = { issuer: scene.issuer, keys, algorithms: new Set(['ES256'] as const) };
  const credentials = { clientId: 'rs: 1', clientSecret: 's/=' };
  const introspection = remoteIntrospection({ endpoint, ...credentials, http, signedBy });
  return { outcome: await introspection.introspect('at_1', T0), asked };
}

describe('remoteIntrospection', () => {
  it('RS-20 DPOP-19 asks by a form, authenticated, and sends no proof', async () => {
    const { http, asked } = issuerAnswering(JSON.stringify(answer));
    const credentials = { clientId: 'rs: 1', clientSecret: 's/=' };
    const introspection = remoteIntrospection({ endpoint, ...credentials, http });
    expect(await introspection.introspect('at_1', T0)).toEqual({ ok: true, value: answer });
    expect(asked).toEqual([
      {
        url: endpoint,
        form: [
          ['token', 'at_1'],
          ['token_type_hint', 'access_token'],
        ],
        authorization: `Basic ${Buffer.from('rs%3A+1:s%2F%3D').toString('base64')}`,
        mediaTypes: ['application/json'],
      },
    ]);
  });

  it.each(['', '[]', '"active"', '{"active":true,"active":true}'])(
    'RS-22 takes %j for an outage',
    async (body) => {
      const { http } = issuerAnswering(body);
      const introspection = remoteIntrospection({
        endpoint,
        clientId: 'rs',
        clientSecret: 's',
        http,
      });
      await expect(introspection.introspect('at_1', T0)).rejects.toThrow(UpstreamError);
    },
  );

  it('AS-147 RS-28 takes a signed response of the issuer, for this caller', async () => {
    const { outcome, asked } = await askSigned(await signedAnswer());
    expect(outcome).toEqual({ ok: true, value: answer });
    expect(asked[0]?.mediaTypes).toEqual(['application/token-introspection+jwt']);
  });

  it.each<[string, Flaw, Signing]>([
    ['another aud', { aud: 'rs-2' }, {}],
    ['no aud', { aud: undefined }, {}],
    ['another issuer', { iss: 'https://evil.example' }, {}],
    ['an iat of 61 s ago', { iat: T0 - 61 }, {}],
    ['an iat 61 s ahead', { iat: T0 + 61 }, {}],
    ['no iat', { iat: undefined }, {}],
    ['the answer outside its member', { token_introspection: undefined, ...answer }, {}],
    ['the type of an access token', {}, { header: { typ: 'at+jwt' } }],
    ['another key', {}, { key: otherKey }],
    ['a key that nobody published', {}, { header: { kid: 'other' } }],
  ])('AS-147 RS-28 refuses a signed response with %s', async (_what, flaw, signing) => {
    const { outcome } = await askSigned(await signedAnswer(flaw, signing));
    expect(outcome).toMatchObject({
      ok: false,
      failure: { error: 'invalid_token', code: 'token.introspection', requirement: 'RS-28' },
    });
  });

  it('RS-28 refuses plain JSON where a signed response was demanded', async () => {
    const { outcome } = await askSigned(JSON.stringify(answer));
    expect(outcome).toMatchObject({ ok: false, failure: { requirement: 'RS-28' } });
  });

  it('RS-28 takes a response at both edges of its age', async () => {
    for (const iat of [T0 - 60, T0 + 60]) {
      const { outcome } = await askSigned(await signedAnswer({ iat }));
      expect(outcome).toMatchObject({ ok: true, value: answer as JsonObject });
    }
  });
});
