import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { externalUrl, type ReceivedTarget } from './external-url.js';
import { publicUrlOf, publicUrlOptions, type PublicUrl } from './public-url.js';

interface Derivation {
  readonly id: string;
  readonly note?: string;
  readonly config: {
    readonly publicBaseUrl?: string;
    readonly trustedProxies?: string[];
    readonly allowedHosts?: string[];
  };
  readonly raw: {
    readonly target: string;
    readonly host: string;
    readonly encrypted?: boolean;
    readonly remote?: string;
    readonly headers?: readonly (readonly [string, string])[];
    readonly options?: { readonly usePrefix?: boolean };
  };
  readonly expect: { readonly url?: string; readonly reject?: number };
}

const file = new URL(
  '../../../../test/vectors/sender-constrained-tokens/dpop-htu.json',
  import.meta.url,
);
const { derivation } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly derivation: readonly Derivation[];
};

function source(options: z.input<z.ZodObject<typeof publicUrlOptions>>): PublicUrl {
  const parsed = publicUrlOf(z.object(publicUrlOptions).parse(options));
  if (parsed === undefined) throw new Error('Neither or both sources are configured.');
  return parsed;
}

function received(
  rawTarget: string,
  fields: readonly (readonly [string, string])[] = [['host', 'rs.example.com']],
  remoteAddress: string | undefined = '203.0.113.7',
  encrypted = false,
): ReceivedTarget {
  const headerValues = (name: string) =>
    fields.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
  return { rawTarget, remoteAddress, encrypted, headerValues };
}

function urlOf(publicUrl: PublicUrl, target: ReceivedTarget): string | undefined {
  const url = externalUrl(publicUrl, target);
  if (!url.ok) return undefined;
  const { origin, path, query } = url.value;
  return origin + path + (query === undefined ? '' : `?${query}`);
}

const requirements: Readonly<Record<string, string>> = {
  'DER-04': 'OPS-04',
  'DER-05': 'OPS-04',
  'DER-06': 'OPS-04',
  'DER-07': 'OPS-03',
  'DER-08': 'OPS-02',
  'DER-09': 'OPS-02',
  'DER-10': 'OPS-02',
  'DER-11': 'OPS-02',
  'DER-12': 'OPS-02',
  'DER-13': 'OPS-02',
};
const rows = derivation.map(
  (row) => [requirements[row.id] ?? 'OPS-01', row.id, row.note ?? '', row] as const,
);

function familyOf(
  headers: readonly (readonly [string, string])[] = [],
): 'forwarded' | 'x-forwarded' {
  return headers.some(([name]) => name.toLowerCase() === 'forwarded') ? 'forwarded' : 'x-forwarded';
}

describe('externalUrl (vectors)', () => {
  it.each(rows)('%s (%s) %s', (_requirement, _id, _note, { config, raw, expect: expected }) => {
    const { publicBaseUrl, trustedProxies = [], allowedHosts = [] } = config;
    const usePrefix = raw.options?.usePrefix ?? false;
    const options =
      publicBaseUrl === undefined
        ? { forwarded: { trustedProxies, allowedHosts, usePrefix, fields: familyOf(raw.headers) } }
        : { publicBaseUrl };
    const fields = [['host', raw.host] as const, ...(raw.headers ?? [])];
    const target = received(raw.target, fields, raw.remote, raw.encrypted);
    expect(urlOf(source(options), target)).toBe(expected.url);
  });
});

describe('externalUrl, from a configured URL', () => {
  const configured = source({ publicBaseUrl: 'https://rs.example.com/svc' });

  it('OPS-01 appends the target as it came', () => {
    for (const target of ['/', '/a%2Fb', '/a/../b', '//x', '/a?b=c?d', '/?']) {
      expect(urlOf(configured, received(target))).toBe(`https://rs.example.com/svc${target}`);
    }
  });

  it.each([
    '',
    '*',
    'a',
    'rs.example.com:443',
    'https://evil.example/a',
    'http://rs.example.com/a',
    'https://rs.example.com:8443/',
    'https://u@rs.example.com/',
    '/a b',
    '/a#b',
    '/a?b#&c=d',
    'https://rs.example.com/svc/a#b',
    '/ä',
    '/\0',
  ])('OPS-04 THR-31 refuses the target %j', (target) => {
    expect(externalUrl(configured, received(target))).toMatchObject({
      ok: false,
      failure: { code: 'http.target', requirement: 'OPS-04', error: 'invalid_request' },
    });
  });

  it('OPS-22 THR-22 refuses two Host fields', () => {
    const fields = [
      ['host', 'rs.example.com'],
      ['Host', 'rs.example.com'],
    ] as const;
    expect(externalUrl(configured, received('/a', fields))).toMatchObject({
      failure: { code: 'http.host_count', requirement: 'OPS-22' },
    });
  });
});

describe('externalUrl, from a trusted proxy', () => {
  const allowedHosts = ['rs.example.com', 'rs.example.com:8443'];
  const proxies = { trustedProxies: ['10.0.0.0/8', '::1'], allowedHosts };
  const forwarded = source({ forwarded: { ...proxies, fields: 'x-forwarded' } });
  const standardised = source({ forwarded: { ...proxies, fields: 'forwarded' } });
  const send = (remote: string | undefined, ...fields: readonly (readonly [string, string])[]) =>
    urlOf(forwarded, received('/a', [['host', 'rs.example.com'], ...fields], remote));

  it('OPS-02 THR-31 hears the proxy alone', () => {
    const proto = ['x-forwarded-proto', 'https'] as const;
    expect(send('10.1.2.3', proto)).toBe('https://rs.example.com/a');
    expect(send('::1', proto)).toBe('https://rs.example.com/a');
    expect(send('::ffff:203.0.113.7', proto)).toBe('http://rs.example.com/a');
    expect(send('11.0.0.1', proto)).toBe('http://rs.example.com/a');
    expect(send(undefined, proto)).toBe('http://rs.example.com/a');
  });

  it('OPS-02 hears a proxy whose address is written as IPv4 within IPv6', () => {
    expect(send('::ffff:10.1.2.3', ['x-forwarded-proto', 'https'])).toBe(
      'https://rs.example.com/a',
    );
  });

  it('OPS-02 takes the nearest proxy’s word: the last value of the last field', () => {
    const values = [
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-proto', 'http, https'],
    ] as const;
    expect(send('10.1.2.3', ...values)).toBe('https://rs.example.com/a');
    const standard = [
      'forwarded',
      'proto=http;host=evil.example, for="[2001:db8::1]";Proto="https";HOST=rs.example.com:8443',
    ] as const;
    const target = received('/a', [['host', 'rs.example.com'], standard], '10.1.2.3');
    expect(urlOf(standardised, target)).toBe('https://rs.example.com:8443/a');
  });

  it('OPS-02 ignores the family of fields that the proxy does not set', () => {
    const sent = [
      ['host', 'rs.example.com'],
      ['forwarded', 'proto=https;host=rs.example.com:8443'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'rs.example.com'],
    ] as const;
    const target = received('/a', sent, '10.1.2.3');
    expect(urlOf(forwarded, target)).toBe('http://rs.example.com/a');
    expect(urlOf(standardised, target)).toBe('https://rs.example.com:8443/a');
  });

  it.each(['javascript', 'ftp', 'https://evil.example/', 'ht tp'])(
    'OPS-02 refuses the scheme %j',
    (proto) => {
      expect(send('10.1.2.3', ['x-forwarded-proto', proto])).toBeUndefined();
    },
  );

  it.each([
    'evil.example',
    'rs.example.com.evil.example',
    'rs.example.com@evil.example',
    'rs.example.com/x',
    'u@rs.example.com',
    'rs.example.com:1',
  ])('OPS-02 refuses the host %j, which is not allowed', (host) => {
    expect(send('10.1.2.3', ['x-forwarded-host', host])).toBeUndefined();
    expect(urlOf(forwarded, received('/a', [['host', host]]))).toBeUndefined();
  });

  it('OPS-02 refuses a request without Host', () => {
    expect(urlOf(forwarded, received('/a', []))).toBeUndefined();
  });

  it('OPS-02 ignores a prefix unless told otherwise', () => {
    expect(send('10.1.2.3', ['x-forwarded-prefix', '/admin'])).toBe('http://rs.example.com/a');
  });

  it('OPS-02 THR-31 lets a prefix extend the path, and never the authority', () => {
    const usePrefix = true;
    const prefixed = source({
      forwarded: { trustedProxies: ['10.0.0.0/8'], allowedHosts, usePrefix, fields: 'x-forwarded' },
    });
    const under = (prefix: string) =>
      urlOf(
        prefixed,
        received(
          '/a',
          [
            ['host', 'rs.example.com'],
            ['x-forwarded-prefix', prefix],
          ],
          '10.0.0.1',
        ),
      );
    expect(under('/svc/')).toBe('http://rs.example.com/svc/a');
    for (const prefix of ['.evil.example', ':8443', '@evil.example', '-x', 'svc', '/a?b', '/a#b']) {
      expect(under(prefix)).toBeUndefined();
    }
  });
});
