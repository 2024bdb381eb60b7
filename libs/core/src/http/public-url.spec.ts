import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseConfiguration } from '../configuration/parse-configuration.js';
import { ConfigurationError } from '../errors/faults.js';
import { publicUrlOf, publicUrlOptions } from './public-url.js';

const schema = z.strictObject(publicUrlOptions);
const parse = (options: object) => publicUrlOf(parseConfiguration('Test', schema, options));
const forwarded = {
  trustedProxies: ['10.0.0.0/8'],
  allowedHosts: ['RS.example.com'],
  fields: 'x-forwarded' as const,
};

describe('publicUrlOptions', () => {
  it('OPS-01 takes a base URL, without its last slash', () => {
    const parsed = parse({ publicBaseUrl: 'https://RS.example.com/svc/' });
    expect(parsed).toMatchObject({
      kind: 'configured',
      base: { origin: 'https://rs.example.com', path: '/svc' },
    });
  });

  it('OPS-02 takes proxies with the hosts that they may name', () => {
    expect(parse({ forwarded })).toMatchObject({
      kind: 'forwarded',
      allowedHosts: ['rs.example.com'],
      fields: 'x-forwarded',
      usePrefix: false,
    });
  });

  it('INV-9 is neither without a source nor with both', () => {
    expect(parse({})).toBeUndefined();
    expect(parse({ publicBaseUrl: 'https://rs.example.com', forwarded })).toBeUndefined();
  });

  const broken: readonly (readonly [string, object])[] = [
    ['a relative URL', { publicBaseUrl: '/svc' }],
    ['a URL with a query', { publicBaseUrl: 'https://rs.example.com/?a' }],
    ['a URL with a fragment', { publicBaseUrl: 'https://rs.example.com/#a' }],
    ['a URL with user information', { publicBaseUrl: 'https://u@rs.example.com' }],
    ['another scheme', { publicBaseUrl: 'ftp://rs.example.com' }],
    ['an empty URL', { publicBaseUrl: '' }],
    ['no proxies', { forwarded: { ...forwarded, trustedProxies: [] } }],
    ['every address', { forwarded: { ...forwarded, trustedProxies: ['0.0.0.0/0'] } }],
    ['every IPv6 address', { forwarded: { ...forwarded, trustedProxies: ['::/0'] } }],
    ['a range too long', { forwarded: { ...forwarded, trustedProxies: ['10.0.0.0/33'] } }],
    ['a range twice', { forwarded: { ...forwarded, trustedProxies: ['10.0.0.0/8/8'] } }],
    ['a range without bits', { forwarded: { ...forwarded, trustedProxies: ['10.0.0.0/'] } }],
    [
      'a host name for a proxy',
      { forwarded: { ...forwarded, trustedProxies: ['proxy.internal'] } },
    ],
    ['true', { forwarded: { ...forwarded, trustedProxies: true } }],
    ['no hosts', { forwarded: { ...forwarded, allowedHosts: [] } }],
    ['a misspelt option', { forwarded: { ...forwarded, trustProxy: true } }],
  ];
  it.each(broken)('INV-9 OPS-02 refuses %s at start-up', (_name, options) => {
    expect(() => parse(options)).toThrow(ConfigurationError);
  });
});
