import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalizePath, splitHttpUrl } from './http-url.js';

describe('splitHttpUrl (RFC 3986 §3)', () => {
  it('splits and decodes nothing', () => {
    expect(splitHttpUrl('HTTPS://API.Example.com:8443/a%2Fb/?x=%20&y#z')).toEqual({
      origin: 'https://api.example.com:8443',
      host: 'api.example.com',
      port: 8443,
      path: '/a%2Fb/',
      query: 'x=%20&y',
    });
  });

  const origins: readonly (readonly [string, string, number])[] = [
    ['https://a.example', 'https://a.example', 443],
    ['https://a.example:443', 'https://a.example', 443],
    ['https://a.example:', 'https://a.example', 443],
    ['https://a.example:00443', 'https://a.example', 443],
    ['http://a.example:80', 'http://a.example', 80],
    ['http://a.example:443', 'http://a.example:443', 443],
    ['http://[2001:DB8::1]:8080/', 'http://[2001:db8::1]:8080', 8080],
    ['http://127.0.0.1:65535', 'http://127.0.0.1:65535', 65_535],
  ];
  it.each(origins)('DPOP-09 reads the origin of %s', (text, origin, port) => {
    expect(splitHttpUrl(text)).toMatchObject({ origin, port });
  });

  it('tells no query from an empty one', () => {
    expect(splitHttpUrl('https://a.example/')?.query).toBeUndefined();
    expect(splitHttpUrl('https://a.example?')).toMatchObject({ path: '', query: '' });
    expect(splitHttpUrl('https://a.example/#?x')?.query).toBeUndefined();
  });

  const refused = [
    ...[
      '',
      '/',
      '//a.example/',
      'a.example',
      'https:a.example',
      'https:/a.example',
      'https://',
      'https:///a',
    ],
    ...['ftp://a.example/', 'javascript:alert(1)', 'wss://a.example/', 'file:///etc/passwd'],
    ...['https://u@a.example/', 'https://u:p@a.example/', 'https://a.example@evil.example/'],
    ...[
      'https://a.example\\b',
      'https:\\\\a.example',
      ' https://a.example',
      'https://a.example/ ',
      'https://a.ex\tample',
    ],
    ...[
      'https://a.example/\n',
      'https://a.example/\0',
      'https://a.example/ä',
      'https://ä.example/',
      'https://a．example',
    ],
    ...[
      'https://a.example:65536',
      'https://a.example:x',
      'https://a.example:1:2',
      'https://a.example:-1',
    ],
    ...['https://[::1', 'https://::1/', 'https://[::g]/', 'http://[:::'],
  ];
  it.each(refused)('THR-26 refuses what two parsers could read differently: %j', (text) => {
    expect(splitHttpUrl(text)).toBeUndefined();
  });

  it('THR-26 names the origin that the WHATWG parser names, for whatever it takes', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '.',
      '-',
      '1',
      ':',
      '/',
      '?',
      '#',
      '@',
      '[',
      ']',
      '%41',
      '%2F',
      '443',
      '80',
    );
    const text = fc
      .tuple(fc.constantFrom('http://', 'https://', 'HTTP://'), fc.array(piece, { maxLength: 10 }))
      .map(([scheme, pieces]) => scheme + pieces.join(''));
    fc.assert(
      fc.property(text, (url) => {
        const ours = splitHttpUrl(url);
        if (ours === undefined || !URL.canParse(url)) return;
        const theirs = new URL(url);
        // It decodes escapes in host names and pads numbers to addresses; we keep what was written.
        if (/^[a-z.-]+$/.test(ours.host)) expect(ours.origin).toBe(theirs.origin);
      }),
      { seed: 20_261_122, numRuns: 5_000 },
    );
  });
});

describe('normalizePath (RFC 3986 §6.2.2)', () => {
  const paths: readonly (readonly [string, string])[] = [
    ['', '/'],
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a/', '/a/'],
    ['/A', '/A'],
    ['//a', '//a'],
    ['/a//b', '/a//b'],
    ['/.', '/'],
    ['/..', '/'],
    ['/a/.', '/a/'],
    ['/a/..', '/'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/../../b', '/b'],
    ['/a/b/../..', '/'],
    ['/a//../b', '/a/b'],
    ['/%7Eu', '/~u'],
    ['/%61', '/a'],
    ['/a%2fb', '/a%2Fb'],
    ['/%2e%2E/b', '/b'],
    ['/a/%2e', '/a/'],
    ['/%252e', '/%252e'],
    ['/a%', '/a%'],
    ['/%zz', '/%zz'],
    ['/...', '/...'],
    ['/.a/..b', '/.a/..b'],
    ['/a;v=1/..;/b', '/a;v=1/..;/b'],
  ];
  it.each(paths)('DPOP-09 brings %j to %j', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it('DPOP-09 leaves what it made as it is, without dot segments', () => {
    const piece = fc.constantFrom('/', '.', '..', 'a', '%2e', '%2E', '%41', '%2f', '%', ';', '~');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const normal = normalizePath(`/${pieces.join('')}`);
        expect(normal.split('/').filter((segment) => segment === '.' || segment === '..')).toEqual(
          [],
        );
        expect(normal.startsWith('/')).toBe(true);
      }),
      { seed: 20_261_122, numRuns: 5_000 },
    );
  });
});
