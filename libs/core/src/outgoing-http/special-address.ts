import { BlockList, isIP } from 'node:net';

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast, and one cloud's host services. */
const specialIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** What is special inside 2000::/3. Teredo is in the first; 6to4 is deprecated (RFC 7526). */
const specialIpv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const mapped = '::ffff:'; // RFC 4291 §2.5.5.2
const translated = '64:ff9b::'; // NAT64, RFC 6052 §2.1

const special = new BlockList();
for (const [network, prefix] of specialIpv4) {
  special.addSubnet(network, prefix, 'ipv4');
  special.addSubnet(`${mapped}${network}`, 96 + prefix, 'ipv6');
  special.addSubnet(`${translated}${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of specialIpv6) special.addSubnet(network, prefix, 'ipv6');

/** All of IPv6 but this is unspecified, local, multicast, discarded or not assigned. RFC 4291 §2.4. */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');
globalIpv6.addSubnet(`${mapped}0.0.0.0`, 96, 'ipv6');
globalIpv6.addSubnet(translated, 96, 'ipv6');

/**
 * Whether an address is anything but an ordinary public one: loopback, private, link-local, shared,
 * documentation, multicast, reserved, or an IPv6 form that embeds such an IPv4 address. RFC 6890.
 *
 * Text that is not an address, or has a zone, counts as special.
 */
export function isSpecialAddress(address: string): boolean {
  if (address.includes('%')) return true;
  switch (isIP(address)) {
    case 4:
      return special.check(address, 'ipv4');
    case 6:
      return special.check(address, 'ipv6') || !globalIpv6.check(address, 'ipv6');
    default:
      return true;
  }
}
