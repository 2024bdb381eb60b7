import { splitHttpUrl, type WebFingerResource } from '@keybound/core';
import { originOf } from '../endpoint/endpoint-table.js';

/**
 * Whether the server is the issuer of what was asked about: of itself, by its bare host, and of its
 * users. OpenID Connect Discovery §2.1, OIDC-05.
 */
export async function knowsResource(
  issuer: string,
  hasAccount: (name: string) => Promise<boolean>,
  resource: WebFingerResource,
): Promise<boolean> {
  if (resource.kind === 'other' || !isHere(resource, issuer)) return false;
  if (resource.user === undefined) return true;
  return hasAccount(resource.user);
}

/** An account may leave the port away (RFC 7565 §7). */
function isHere(
  resource: Exclude<WebFingerResource, { readonly kind: 'other' }>,
  issuer: string,
): boolean {
  const origin = originOf(issuer);
  if (resource.kind === 'url') return resource.origin === origin;
  const authority = origin.slice(origin.indexOf('//') + 2);
  return resource.host === authority || resource.host === splitHttpUrl(issuer)?.host;
}
