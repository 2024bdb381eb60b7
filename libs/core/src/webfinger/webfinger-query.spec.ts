import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { issuerLinkIn } from './issuer-link.js';
import { issuerRelation, webFingerQuery } from './webfinger-query.js';

interface Vectors {
  readonly normalise: readonly {
    readonly input: string;
    readonly resource: string;
    readonly host: string;
    readonly url: string;
  }[];
  readonly reject: readonly { readonly input: string }[];
}

const { normalise, reject } = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/signed-http-request/webfinger.json', import.meta.url),
    'utf8',
  ),
) as Vectors;

describe('webFingerQuery (OpenID Connect Discovery §2.1)', () => {
  it.each(normalise)('OIDC-01 OIDC-03 OIDC-04 asks about $input', ({ input, ...query }) => {
    const { resource, host, url } = query;
    expect(webFingerQuery(input)).toEqual({ ok: true, value: { resource, host, url } });
  });

  it.each([
    ...reject.map(({ input }) => input),
    'mailto:joe@example.com',
    'javascript:alert(1)',
    'https://',
    'acct:joe@',
    'joe@exa mple.com',
    'https://user@/x',
    'https://-example.com',
  ])('OIDC-02 asks nobody about "%s"', (input) => {
    expect(webFingerQuery(input).ok).toBe(false);
  });

  it('OIDC-02 asks nobody about an identifier that is too long', () => {
    expect(webFingerQuery(`${'a'.repeat(2_048)}@example.com`).ok).toBe(false);
  });

  it('OIDC-04 asks by http only where it is told to', () => {
    const asked = webFingerQuery('acct:alice@localhost:3000', 'http');
    expect(asked).toMatchObject({ ok: true, value: { host: 'localhost:3000' } });
    expect(asked.ok && asked.value.url).toMatch(
      /^http:\/\/localhost:3000\/\.well-known\/webfinger/,
    );
    expect(webFingerQuery('http://example.com/joe')).toMatchObject({
      value: { url: expect.stringMatching(/^https:\/\/example\.com\//) },
    });
  });
});

describe('issuerLinkIn (RFC 7033 §4.4)', () => {
  const links = (...hrefs: unknown[]) => ({
    subject: 'acct:somebody@else.example',
    links: hrefs.map((href) => ({ rel: issuerRelation, href })) as never[],
  });

  it('OIDC-08 takes the first link with the relation of an issuer', () => {
    const issuer = 'https://issuer.example/tenant';
    expect(issuerLinkIn(links(issuer, 'https://other.example'))).toBe(issuer);
    const mixed = { links: [{ rel: 'avatar', href: 'https://a.example' }, ...links(issuer).links] };
    expect(issuerLinkIn(mixed)).toBe(issuer);
  });

  it.each([
    ['http', links('http://issuer.example')],
    ['a query', links('https://issuer.example/?a=1')],
    ['a fragment', links('https://issuer.example/#a')],
    ['user information', links('https://joe@issuer.example')],
    ['no URL', links('issuer.example')],
    ['no text', links(7)],
    ['no href', links(undefined)],
    ['no link of that relation', { links: [{ rel: 'avatar', href: 'https://a.example' }] }],
    ['links that are no list', { links: 'https://issuer.example' }],
    ['no links', {}],
  ])('OIDC-08 refuses a document with %s', (_flaw, document) => {
    expect(issuerLinkIn(document)).toBeUndefined();
  });

  it('OIDC-08 takes http for hosts of which the caller says so', () => {
    const document = links('http://localhost:3000');
    expect(issuerLinkIn(document, (host) => host === 'localhost')).toBe('http://localhost:3000');
  });
});
