import { describe, expect, it } from '@jest/globals';
import { parseOutgoingUrl } from './parse-outgoing-url.js';

describe('parseOutgoingUrl', () => {
  it.each([
    ['https://issuer.example', 'https://issuer.example', 'issuer.example', 443, '/'],
    ['HTTPS://Issuer.Example:443/A', 'https://issuer.example', 'issuer.example', 443, '/A'],
    ['https://a.b:8443/x?y=1&z', 'https://a.b:8443', 'a.b', 8443, '/x?y=1&z'],
    ['https://a.b?y', 'https://a.b', 'a.b', 443, '/?y'],
    [
      'https://xn--bcher-kva.example/',
      'https://xn--bcher-kva.example',
      'xn--bcher-kva.example',
      443,
      '/',
    ],
    ['https://8.8.8.8/', 'https://8.8.8.8', '8.8.8.8', 443, '/'],
    ['https://[2606:4700::1]/', 'https://[2606:4700::1]', '2606:4700::1', 443, '/'],
  ])('RS-36 reads %s', (text, origin, hostname, port, target) => {
    expect(parseOutgoingUrl(text)).toEqual({ secure: true, origin, hostname, port, target });
  });

  it.each([
    ['a fragment', 'https://a.example/#x'],
    ['an empty fragment', 'https://a.example/#'],
    ['dot segments', 'https://a.example/b/../c'],
    ['encoded dot segments', 'https://a.example/b/%2e%2e/c'],
    ['an encoded host', 'https://%31%32%37.0.0.1/'],
    ['a trailing dot', 'https://a.example./'],
    ['an empty label', 'https://a..example/'],
    ['a numeric top-level label', 'https://a.example.123/'],
    ['an octal octet', 'https://0177.0.0.1/'],
    ['a long form of an address', 'https://[0:0:0:0:0:0:0:1]/'],
    ['a tab', 'https://a.exa\tmple/'],
    ['a leading blank', ' https://a.example/'],
    ['a backslash', 'https://a.example\\@b.example/'],
    ['user information', 'https://user@a.example/'],
    ['characters beyond ASCII', 'https://bücher.example/'],
    ['a quotation mark that would be escaped', 'https://a.example/"'],
    ['a port out of range', 'https://a.example:65536/'],
  ])('THR-14 refuses %s', (_flaw, text) => {
    expect(parseOutgoingUrl(text)).toBeUndefined();
  });
});
