import { splitHttpUrl, type PublicUrl } from '@keybound/core';
import type { Endpoint } from '../extension/endpoint.js';

/**
 * Endpoints by the path of their public URL, character by character (AS-202).
 *
 * A proxy that takes a prefix off prepends it to everything, also to what belongs to the origin:
 * `/.well-known/…` is known under the prefix too.
 */
export class EndpointTable {
  readonly #byPath: ReadonlyMap<string, Endpoint>;

  /** @param endpoints No two of the same place and path. */
  constructor(endpoints: readonly Endpoint[], issuer: string, publicUrl: PublicUrl) {
    const byPath = new Map<string, Endpoint>();
    const mounted = publicUrl.kind === 'configured' ? publicUrl.base.path : '';
    for (const endpoint of endpoints) {
      if (endpoint.below === 'origin') byPath.set(mounted + endpoint.path, endpoint);
    }
    for (const endpoint of endpoints) byPath.set(pathOf(endpoint, issuer), endpoint);
    this.#byPath = byPath;
  }

  find(path: string): Endpoint | undefined {
    return this.#byPath.get(path);
  }
}

/** The path of an endpoint's public URL. */
export function pathOf({ below, path }: Endpoint, issuer: string): string {
  return below === 'origin' ? path : issuerPath(issuer) + path;
}

/** Without a trailing slash. */
export function issuerPath(issuer: string): string {
  return (splitHttpUrl(issuer)?.path ?? '').replace(/\/$/, '');
}

export function originOf(issuer: string): string {
  return splitHttpUrl(issuer)?.origin ?? '';
}
