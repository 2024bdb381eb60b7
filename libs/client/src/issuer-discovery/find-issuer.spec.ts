import { describe, expect, it } from '@jest/globals';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';
import { findIssuer, IssuerNotFoundError } from './find-issuer.js';

const relation = 'http://openid.net/specs/connect/1.0/issuer';
const issuer = 'https://issuer.example';
const jrd = (href: unknown) => Response.json({ links: [{ rel: relation, href }] });

/** Answers one request after the other, and keeps what was asked. */
function answering(...answers: Response[]) {
  const asked: { readonly url: string; readonly redirect: RequestInit['redirect'] }[] = [];
  const fetch: Fetch = (url, init) => {
    asked.push({ url: new Request(url).url, redirect: init?.redirect });
    return Promise.resolve(answers.shift() ?? new Response(null, { status: 500 }));
  };
  return { asked, fetch };
}

const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });

describe('findIssuer (OpenID Connect Discovery §2)', () => {
  it('OIDC-03 OIDC-04 OIDC-08 asks the host of the account, by https', async () => {
    const { asked, fetch } = answering(jrd(issuer));
    expect(await findIssuer('alice@example.com', { fetch })).toBe(issuer);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://example.com/.well-known/webfinger?resource=acct%3Aalice%40example.com' +
        '&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer',
    ]);
  });

  it('OIDC-04 follows a redirect to https', async () => {
    const { asked, fetch } = answering(redirect('https://other.example/webfinger'), jrd(issuer));
    expect(await findIssuer('alice@example.com', { fetch })).toBe(issuer);
    expect(asked[1]?.url).toBe('https://other.example/webfinger');
    expect(new Set(asked.map((each) => each.redirect))).toEqual(new Set(['manual']));
  });

  it('OIDC-04 follows no redirect to http', async () => {
    const { asked, fetch } = answering(redirect('http://other.example/webfinger'), jrd(issuer));
    await expect(findIssuer('alice@example.com', { fetch })).rejects.toThrow(IssuerNotFoundError);
    expect(asked).toHaveLength(1);
  });

  it('OIDC-04 gives up after a few redirects', async () => {
    const loop = Array.from({ length: 9 }, () => redirect('https://example.com/again'));
    const { asked, fetch } = answering(...loop);
    await expect(findIssuer('alice@example.com', { fetch })).rejects.toThrow('redirects');
    expect(asked.length).toBeLessThan(6);
  });

  it('OIDC-04 does not try http where https fails', async () => {
    const asked: string[] = [];
    const fetch: Fetch = (url) => {
      asked.push(new Request(url).url);
      return Promise.reject(new TypeError('fetch failed'));
    };
    await expect(findIssuer('alice@example.com', { fetch })).rejects.toThrow('fetch failed');
    expect(asked).toHaveLength(1);
  });

  it('OIDC-02 makes no request for an XRI', async () => {
    const { asked, fetch } = answering(jrd(issuer));
    await expect(findIssuer('=example', { fetch })).rejects.toThrow(IssuerNotFoundError);
    expect(asked).toEqual([]);
  });

  it.each([
    ['is not found', new Response('{}', { status: 404 })],
    ['is not JSON', new Response('<html>')],
    ['is a list', Response.json([])],
    ['is too long', Response.json({ links: [], filler: 'x'.repeat(70_000) })],
    ['names an issuer by http', jrd('http://issuer.example')],
    ['names an issuer with a query', jrd('https://issuer.example?a')],
    ['has no href', jrd(undefined)],
  ])('OIDC-08 refuses a document that %s', async (_flaw, answer) => {
    const { fetch } = answering(answer);
    await expect(findIssuer('alice@example.com', { fetch })).rejects.toThrow(IssuerNotFoundError);
  });

  it('OIDC-08 THR-14 reads no more of an answer without end than there can be', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        if (pulled > 100) controller.error(new RangeError('read on and on'));
        else controller.enqueue(new Uint8Array(16_384).fill(0x20));
      },
    });
    const { fetch } = answering(new Response(endless));
    await expect(findIssuer('alice@example.com', { fetch })).rejects.toThrow(IssuerNotFoundError);
    expect(pulled).toBeLessThan(10);
  });

  it('OIDC-04 refuses a redirect to what is no URL', async () => {
    const { asked, fetch } = answering(redirect('https://['), jrd(issuer));
    await expect(findIssuer('alice@example.com', { fetch })).rejects.toThrow(IssuerNotFoundError);
    expect(asked).toHaveLength(1);
  });

  it('OIDC-04 asks this machine by http where that is allowed, and nobody else', async () => {
    const local = answering(jrd('http://localhost:3000'));
    const options = { fetch: local.fetch, allowHttp: 'loopback' } as const;
    expect(await findIssuer('acct:alice@localhost:3000', options)).toBe('http://localhost:3000');
    expect(local.asked[0]?.url).toMatch(/^http:\/\/localhost:3000\//);
    const remote = answering(jrd('http://example.com'));
    const asking = findIssuer('alice@example.com', { ...options, fetch: remote.fetch });
    await expect(asking).rejects.toThrow(IssuerNotFoundError);
    expect(remote.asked[0]?.url).toMatch(/^https:/);
  });
});
