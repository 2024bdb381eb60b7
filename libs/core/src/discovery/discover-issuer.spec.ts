import { describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../errors/faults.js';
import type { OutgoingHttp } from '../outgoing-http/outgoing-http.js';
import { discoverIssuer } from './discover-issuer.js';

/** A web of documents, given as text, that keeps what was asked of it. */
function web(documents: Record<string, string>) {
  const asked: string[] = [];
  const http: OutgoingHttp = {
    get: (url) => {
      asked.push(url);
      const document = documents[url];
      return document === undefined
        ? Promise.reject(new UpstreamError('unreachable'))
        : Promise.resolve({ body: new TextEncoder().encode(document), maxAgeSeconds: undefined });
    },
  };
  return { asked, http };
}

const jwksUri = 'https://issuer.example/jwks';
const metadataOf = (issuer: string, more = {}) =>
  JSON.stringify({ issuer, jwks_uri: jwksUri, ...more });

describe('discoverIssuer (OpenID Connect Discovery §4, RFC 8414 §3)', () => {
  it.each([
    ['https://issuer.example', 'https://issuer.example/.well-known/openid-configuration'],
    ['https://issuer.example/', 'https://issuer.example/.well-known/openid-configuration'],
    ['https://issuer.example/a', 'https://issuer.example/a/.well-known/openid-configuration'],
    ['https://issuer.example/a/', 'https://issuer.example/a/.well-known/openid-configuration'],
    ['https://issuer.example/a//', 'https://issuer.example/a//.well-known/openid-configuration'],
  ])('OIDC-09 appends the well-known path to %s', async (issuer, url) => {
    const { asked, http } = web({ [url]: metadataOf(issuer, { more: [1] }) });
    const metadata = { issuer, jwks_uri: jwksUri, more: [1] };
    expect(await discoverIssuer(issuer, http)).toEqual({ issuer, jwksUri, metadata });
    expect(asked).toEqual([url]);
  });

  it.each([
    ['https://issuer.example', 'https://issuer.example/.well-known/oauth-authorization-server'],
    ['https://issuer.example/a', 'https://issuer.example/.well-known/oauth-authorization-server/a'],
    [
      'https://issuer.example/a/',
      'https://issuer.example/.well-known/oauth-authorization-server/a',
    ],
  ])('OIDC-09 inserts the one of RFC 8414 into %s where the other fails', async (issuer, url) => {
    const { asked, http } = web({ [url]: metadataOf(issuer) });
    expect(await discoverIssuer(issuer, http)).toMatchObject({ issuer, jwksUri });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['a trailing slash more', 'https://issuer.example/'],
    ['another letter case', 'https://Issuer.example'],
    ['the default port', 'https://issuer.example:443'],
    ['another issuer', 'https://evil.example'],
  ])('OIDC-10 refuses metadata whose issuer has %s', async (_difference, returned) => {
    const issuer = 'https://issuer.example';
    const url = `${issuer}/.well-known/openid-configuration`;
    const { asked, http } = web({ [url]: metadataOf(returned) });
    await expect(discoverIssuer(issuer, http)).rejects.toThrow(UpstreamError);
    expect(asked).toEqual([url]);
  });

  it.each([
    ['is not JSON', '<html>'],
    ['is an array', '[]'],
    ['has no issuer', JSON.stringify({ jwks_uri: jwksUri })],
    ['has the issuer twice', '{"issuer":"x","issuer":"https://issuer.example","jwks_uri":"y"}'],
    ['has no jwks_uri', JSON.stringify({ issuer: 'https://issuer.example' })],
    ['has a list of jwks_uri', metadataOf('https://issuer.example', { jwks_uri: [jwksUri] })],
  ])('OIDC-10 refuses a document that %s', async (_flaw, document) => {
    const issuer = 'https://issuer.example';
    const { http } = web({ [`${issuer}/.well-known/openid-configuration`]: document });
    await expect(discoverIssuer(issuer, http)).rejects.toThrow(UpstreamError);
  });

  it.each(['https://issuer.example?a', 'https://issuer.example#a', 'issuer.example', ''])(
    'OIDC-09 asks nobody about "%s", which names no issuer',
    async (issuer) => {
      const { asked, http } = web({});
      await expect(discoverIssuer(issuer, http)).rejects.toThrow(UpstreamError);
      expect(asked).toEqual([]);
    },
  );

  it('OIDC-09 does not take a bug for a missing document', async () => {
    const bug = new TypeError('a bug');
    const http = { get: () => Promise.reject(bug) };
    await expect(discoverIssuer('https://issuer.example', http)).rejects.toBe(bug);
  });
});
