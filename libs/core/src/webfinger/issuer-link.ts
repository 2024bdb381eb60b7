import type { JsonObject } from '../crypto/parse-json.js';
import { isJsonObject } from '../crypto/parse-json.js';
import { splitHttpUrl } from '../http/http-url.js';
import { issuerRelation } from './webfinger-query.js';

/**
 * The issuer that a JRD names: the first link with the relation of an OpenID provider. OIDC-08,
 * RFC 7033 §4.4. It may be on another host, and `subject` may be another than was asked for.
 *
 * @param allowHttp Whether an http issuer will do: on this machine only, which the caller decides.
 * @returns Undefined where there is none, or one that cannot be an issuer.
 */
export function issuerLinkIn(
  document: JsonObject,
  allowHttp: (host: string) => boolean = () => false,
): string | undefined {
  const { links } = document;
  if (!Array.isArray(links)) return undefined;
  const link: unknown = links.find((each) => isJsonObject(each) && each['rel'] === issuerRelation);
  const href = isJsonObject(link) ? link['href'] : undefined;
  if (typeof href !== 'string' || href.includes('#')) return undefined;
  const url = splitHttpUrl(href);
  if (url === undefined || url.query !== undefined) return undefined;
  return url.origin.startsWith('https:') || allowHttp(url.host) ? href : undefined;
}
