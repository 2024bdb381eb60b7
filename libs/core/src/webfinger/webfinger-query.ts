import { accept, refuse, type Result } from '../errors/result.js';

/** Where to ask about an identifier that a user typed. OpenID Connect Discovery §2.1, RFC 7033 §4. */
export interface WebFingerQuery {
  /** The normalised identifier. */
  readonly resource: string;
  /** With its port, where one was given. */
  readonly host: string;
  readonly url: string;
}

export type WebFingerProblem = 'not an identifier' | 'no host';

/** The relation of an OpenID provider. OpenID Connect Discovery §2. */
export const issuerRelation = 'http://openid.net/specs/connect/1.0/issuer';

const maxLength = 2_048;
const printable = /^[!-~]+$/;
const host = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i;
const knownScheme = /^(?:https?:\/\/|acct:)/i;
const anyScheme = /^[a-z][a-z0-9+.-]*:(?:\/\/|(?![0-9]))/i;

/**
 * Makes the query for an identifier. OIDC-01 to OIDC-04.
 *
 * Without a scheme, user and host alone are an account, and everything else is an https URL. Nothing
 * is asked about an XRI or an identifier without a host.
 *
 * @param scheme `http` only for a host that has no TLS, on this machine.
 */
export function webFingerQuery(
  identifier: string,
  scheme: 'https' | 'http' = 'https',
): Result<WebFingerQuery, WebFingerProblem> {
  if (identifier.length > maxLength || !printable.test(identifier)) {
    return refuse('not an identifier');
  }
  if (/^[=@!]/.test(identifier)) return refuse('not an identifier');
  const resource = normalize(identifier, scheme);
  const authority = resource === undefined ? undefined : hostOf(resource);
  if (resource === undefined || authority === undefined) return refuse('no host');
  const query = `resource=${encodeURIComponent(resource)}&rel=${encodeURIComponent(issuerRelation)}`;
  const url = `${scheme}://${authority}/.well-known/webfinger?${query}`;
  return accept({ resource, host: authority, url });
}

/** OIDC-01. A scheme is left alone; `example.com:8080` is a host and its port, and no scheme. */
function normalize(identifier: string, scheme: string): string | undefined {
  const [whole = ''] = identifier.split('#', 1);
  if (knownScheme.test(whole)) return whole;
  if (anyScheme.test(whole)) return undefined;
  const at = whole.lastIndexOf('@');
  const isAccount =
    at > 0 && !identifier.includes('#') && !/[/?:]/.test(whole.slice(at)) && !/[/?]/.test(whole);
  if (!isAccount) return `${scheme}://${whole}`;
  return `acct:${whole.slice(0, at).replaceAll('@', '%40')}${whole.slice(at)}`;
}

/** OIDC-03. */
function hostOf(resource: string): string | undefined {
  const account = /^acct:[^@/]*(?:@[^@/]*)*@([^@/?]+)$/i.exec(resource);
  const [, authority] = account ?? /^https?:\/\/([^/?]*)/i.exec(resource) ?? [];
  if (authority === undefined) return undefined;
  const named = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return host.test(named) ? named : undefined;
}
