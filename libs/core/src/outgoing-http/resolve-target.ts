import { isIP } from 'node:net';
import { accept, refuse, type Result } from '../errors/result.js';
import { isLoopbackAddress } from './loopback-address.js';
import type { OutgoingUrl } from './parse-outgoing-url.js';
import type { ResolveHost } from './resolve-host.js';
import { isSpecialAddress } from './special-address.js';

/** Where outgoing requests may go. */
export interface TargetPolicy {
  /** Also this machine: any port, and without TLS. */
  readonly allowLoopback: boolean;
  readonly allowedPorts: readonly number[];
  readonly resolve: ResolveHost;
}

/** Addresses that were checked; the connection must use these and no others. */
export type CheckedAddresses = readonly [string, ...string[]];

export type TargetProblem = 'scheme' | 'port' | 'reserved name' | 'no address' | 'special address';

/**
 * Resolves the host of a URL, once, and checks every address it has. THR-14, THR-15.
 *
 * A name with one good and one special address is refused as a whole: it is either misconfigured or
 * meant to slip through.
 *
 * @throws whatever `resolve` rejects with.
 */
export async function resolveTarget(
  url: OutgoingUrl,
  policy: TargetPolicy,
): Promise<Result<CheckedAddresses, TargetProblem>> {
  const remote = checkRemoteTarget(url, policy);
  if (!remote.ok && !policy.allowLoopback) return remote;

  const addresses = isIP(url.hostname) === 0 ? await policy.resolve(url.hostname) : [url.hostname];
  const [first, ...others] = addresses;
  if (first === undefined) return refuse('no address');
  if (policy.allowLoopback && addresses.every(isLoopbackAddress)) return accept([first, ...others]);
  if (!remote.ok) return remote;
  return addresses.some(isSpecialAddress) ? refuse('special address') : accept([first, ...others]);
}

/** What can be said of a target that is not this machine before its name is resolved. */
function checkRemoteTarget(url: OutgoingUrl, policy: TargetPolicy): Result<void, TargetProblem> {
  if (!url.secure) return refuse('scheme');
  if (!policy.allowedPorts.includes(url.port)) return refuse('port');
  return isLocalhost(url.hostname) ? refuse('reserved name') : accept(undefined);
}

/** RFC 6761 §6.3. */
function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
