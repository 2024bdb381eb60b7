import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { isLoopbackAddress } from './loopback-address.js';
import { isSpecialAddress } from './special-address.js';

interface AddressRow {
  readonly address: string;
  readonly block: boolean;
  readonly why?: string;
}
const vectors = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/threats/ssrf-targets.json', import.meta.url),
    'utf8',
  ),
) as { ipv4: AddressRow[]; ipv6: AddressRow[] };
const rows = [...vectors.ipv4, ...vectors.ipv6];

describe('isSpecialAddress (RFC 6890)', () => {
  it.each(rows.filter((row) => !row.block))('THR-14 lets $address pass', ({ address }) => {
    expect(isSpecialAddress(address)).toBe(false);
  });

  it.each(rows.filter((row) => row.block))('THR-14 blocks $address: $why', ({ address }) => {
    expect(isSpecialAddress(address)).toBe(true);
  });

  it.each([
    ['the NAT64 form of a private address', '64:ff9b::10.0.0.1', true],
    ['the NAT64 form of a public address', '64:ff9b::8.8.8.8', false],
    ['Teredo', '2001:0:7f00:1::', true],
    ['the mapped form of a cloud service address', '::ffff:168.63.129.16', true],
    ['the neighbour of a cloud service address', '168.63.129.17', false],
    ['an address with a zone', 'fe80::1%eth0', true],
    ['a public address with a zone', '2606:4700:4700::1111%1', true],
    ['octets with leading zeros', '0177.0.0.1', true],
    ['a number', '2130706433', true],
    ['a name', 'example.com', true],
    ['nothing', '', true],
  ])('THR-14 judges %s (%s): special is %s', (_what, address, special) => {
    expect(isSpecialAddress(address)).toBe(special);
  });
});

describe('isLoopbackAddress (RFC 1122 §3.2.1.3)', () => {
  it.each(['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    'THR-14 knows %s as this machine',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true);
    },
  );

  it.each(['126.255.255.255', '128.0.0.0', '0.0.0.0', '::', '::2', '10.0.0.1', 'localhost', ''])(
    'THR-14 does not take %s for this machine',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false);
    },
  );
});
