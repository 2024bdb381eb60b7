import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  checkRedirectUri,
  hostOfRedirectUri,
  matchesRedirectUri,
  type ApplicationType,
} from './redirect-uri.js';

function vectors(file: string): unknown {
  const url = new URL(`../../../../test/vectors/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

interface ThreatCases {
  readonly registrationRejects: readonly { readonly uri: unknown; readonly why: string }[];
  readonly cases: readonly {
    readonly registered: readonly string[];
    readonly presented: string;
    readonly applicationType: ApplicationType;
    readonly match: boolean;
    readonly why: string;
  }[];
}

interface DigestCases {
  readonly cases: readonly {
    readonly id: string;
    readonly registered: readonly string[];
    readonly requested: string | null;
    readonly match: boolean;
    readonly about: string;
    readonly application_type?: ApplicationType;
    readonly registrationError?: string;
  }[];
}

const threats = vectors('threats/redirect-uri-cases.json') as ThreatCases;
const digest = vectors('authorization-server/as-redirect-uri.json') as DigestCases;

/** The digest's decision (AS-05, R24) goes before the catalogue's option that would allow it. */
const decidedOtherwise = 'port freedom is for IP literals; allowed only by explicit option';

describe('redirect URIs of requests', () => {
  it.each(digest.cases)('AS-04 AS-05 [$id] $about', (each) => {
    const applicationType = each.application_type ?? 'web';
    const requested = each.requested ?? undefined;
    expect(matchesRedirectUri(each.registered, requested, applicationType)).toBe(each.match);
  });

  it('THR-44 has all 64 spellings of the catalogue', () => {
    expect(threats.cases).toHaveLength(64);
  });

  it.each(threats.cases.map((each, index) => ({ ...each, index })))(
    'AS-04 THR-44 [$index] $why',
    ({ registered, presented, applicationType, match, why }) => {
      const expected = why === decidedOtherwise ? true : match;
      expect(matchesRedirectUri(registered, presented, applicationType)).toBe(expected);
    },
  );

  it('AS-05 gives no other loopback host the freedom of localhost', () => {
    const registered = ['http://localhost/cb'];
    const matches = (presented: string) => matchesRedirectUri(registered, presented, 'native');
    expect(matches('http://localhost:3000/cb')).toBe(true);
    expect(matches('http://localhost:3000/cb/')).toBe(false);
    expect(matches('http://localhost.:3000/cb')).toBe(false);
    expect(matches('http://LOCALHOST:3000/cb')).toBe(false);
    expect(matches('http://127.0.0.1:3000/cb')).toBe(false);
    expect(matches('http://localhost:3000@evil.example/cb')).toBe(false);
    expect(matches('http://localhost:65536/cb')).toBe(false);
  });

  it('AS-05 gives https no freedom of ports, not even on loopback', () => {
    const registered = ['https://localhost/cb'];
    expect(matchesRedirectUri(registered, 'https://localhost:3000/cb', 'native')).toBe(false);
  });
});

describe('redirect URIs of registrations', () => {
  const rejects = threats.registrationRejects
    .map((each, index) => ({ ...each, index }))
    .filter(({ uri }) => typeof uri === 'string');

  it.each(rejects as readonly { uri: string; why: string; index: number }[])(
    'AS-217 OIDC-19 THR-80 [$index] refuses $why',
    ({ uri }) => {
      expect(checkRedirectUri(uri, 'web')).toBeDefined();
      expect(checkRedirectUri(uri, 'native')).toBeDefined();
    },
  );

  it.each(digest.cases.filter(({ registrationError }) => registrationError !== undefined))(
    'AS-217 [$id] refuses $about',
    ({ registered, application_type: applicationType = 'web' }) => {
      expect(registered.map((uri) => checkRedirectUri(uri, applicationType))).not.toContain(
        undefined,
      );
    },
  );

  it.each([
    'https://client.example/cb',
    'https://client.example',
    'https://client.example:8443/cb?tenant=1&x=%20',
    'https://localhost/cb',
    'https://client.example/a/.well-known/b..c',
  ])('AS-217 OIDC-19 takes %s from everybody', (uri) => {
    expect(checkRedirectUri(uri, 'web')).toBeUndefined();
    expect(checkRedirectUri(uri, 'native')).toBeUndefined();
  });

  it.each([
    'http://127.0.0.1/cb',
    'http://127.0.0.1:3000/cb',
    'http://[::1]/cb',
    'http://localhost/cb',
    'com.example.app:/cb',
    'com.example.app://cb/x?tenant=1',
  ])('AS-05 OIDC-19 takes %s from native applications alone', (uri) => {
    expect(checkRedirectUri(uri, 'native')).toBeUndefined();
    expect(checkRedirectUri(uri, 'web')).toBeDefined();
  });

  it.each([
    ['http://127.0.0.2/cb', 'http beyond loopback'],
    ['http://localhost.example/cb', 'http beyond loopback'],
    ['http://127.0.0.1:70000/cb', 'not an absolute URI'],
    ['http://u@127.0.0.1/cb', 'user information'],
    ['HTTPS://client.example/cb', 'scheme'],
    ['myapp:/cb', 'scheme'],
    ['com.example.app:cb', 'scheme'],
    ['com.example.app://u@cb/x', 'user information'],
    ['com.example.app:/x/../cb', 'dot segments'],
    ['com.example.app:/cb?state=1', 'response parameter'],
    ['https://client.example/%2E%2e/cb', 'dot segments'],
    ['https://client.example/x/..;y/cb', 'dot segments'],
    ['https://client.example/cb?%63ode=1', 'response parameter'],
    ['https://client.example/cb?x=1&iss=2', 'response parameter'],
    ['https://client.example/cb?response=', 'response parameter'],
    ['https://client.example/cb?error', 'response parameter'],
    ['https://client.example/c%b', 'a character that no URI has'],
    ['https://client.example\\@evil.example', 'a character that no URI has'],
    ['https://client.example/<b>', 'a character that no URI has'],
  ] as const)('AS-05 THR-80 refuses %s even from native applications', (uri, problem) => {
    expect(checkRedirectUri(uri, 'native')).toBe(problem);
  });

  it('THR-80 takes a URI of 2,048 characters, and none of 2,049', () => {
    const uri = `https://client.example/${'a'.repeat(2_025)}`;
    expect(uri).toHaveLength(2_048);
    expect(checkRedirectUri(uri, 'web')).toBeUndefined();
    expect(checkRedirectUri(`${uri}a`, 'web')).toBe('too long');
  });
});

describe('hostOfRedirectUri', () => {
  it.each([
    ['https://client.example:8443/cb?x=1', 'client.example'],
    ['http://127.0.0.1:4000/cb', '127.0.0.1'],
    ['com.example.app:/cb', 'com.example.app:'],
  ])('AS-19 AS-24 says where %s leads', (uri, shown) => {
    expect(hostOfRedirectUri(uri)).toBe(shown);
  });
});
