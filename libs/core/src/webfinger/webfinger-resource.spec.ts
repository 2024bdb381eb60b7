import { describe, expect, it } from '@jest/globals';
import { webFingerDocument } from './webfinger-document.js';
import { parseWebFingerResource } from './webfinger-resource.js';

describe('parseWebFingerResource', () => {
  it.each([
    ['acct:joe@example.com', { kind: 'account', user: 'joe', host: 'example.com' }],
    ['ACCT:Jane.Doe@Example.COM', { kind: 'account', user: 'Jane.Doe', host: 'example.com' }],
    ['acct:joe@localhost:3000', { kind: 'account', user: 'joe', host: 'localhost:3000' }],
    [
      'acct:juliet%40capulet.example@shopping.example.com',
      { kind: 'account', user: 'juliet@capulet.example', host: 'shopping.example.com' },
    ],
    ['https://example.com', { kind: 'url', origin: 'https://example.com', user: undefined }],
    ['https://example.com/', { kind: 'url', origin: 'https://example.com', user: undefined }],
    ['https://example.com/joe', { kind: 'url', origin: 'https://example.com', user: 'joe' }],
    [
      'https://joe@example.com:8080/',
      { kind: 'url', origin: 'https://example.com:8080', user: 'joe' },
    ],
    ['https://example.com/a/b', { kind: 'other' }],
    ['https://joe@example.com/joe', { kind: 'other' }],
    ['https://example.com/joe?x=1', { kind: 'other' }],
    ['https://example.com/%00%zz'.replace('%zz', '%C3'), { kind: 'other' }],
    ['https://example.com/joe%00', { kind: 'other' }],
    ['acct:joe%00@example.com', { kind: 'other' }],
    ['acct:joe', { kind: 'other' }],
    ['acct:joe@a@b', { kind: 'other' }],
    ['mailto:joe@example.com', { kind: 'other' }],
    ['urn:example:1', { kind: 'other' }],
  ])('OIDC-05 reads %s', (text, resource) => {
    expect(parseWebFingerResource(text)).toEqual({ ok: true, value: resource });
  });

  it.each(['::', '', 'joe', 'joe@example.com', 'acct:', 'acct:j o@example.com', 'acct:ä@b', 'a:%'])(
    'OIDC-05 refuses "%s", which is no URI',
    (text) => {
      expect(parseWebFingerResource(text).ok).toBe(false);
    },
  );

  it('OIDC-05 refuses what is too long', () => {
    const resource = (length: number) => `acct:${'a'.repeat(length - 7)}@b`;
    expect(parseWebFingerResource(resource(2_048)).ok).toBe(true);
    expect(parseWebFingerResource(resource(2_049)).ok).toBe(false);
  });
});

describe('webFingerDocument', () => {
  const links = [
    { rel: 'a', href: 'https://a.example' },
    { rel: 'b', href: 'https://b.example' },
  ];

  it('OIDC-07 filters links by one relation or several, and by none', () => {
    const relations = (names: readonly string[]) =>
      webFingerDocument('acct:a@b', links, names).links.map(({ rel }) => rel);
    expect(relations([])).toEqual(['a', 'b']);
    expect(relations(['b'])).toEqual(['b']);
    expect(relations(['b', 'a', 'c'])).toEqual(['a', 'b']);
    expect(relations(['c'])).toEqual([]);
  });
});
