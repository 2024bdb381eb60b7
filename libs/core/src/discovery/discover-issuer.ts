import { bodyDepth, parseJsonObject, type JsonObject } from '../crypto/parse-json.js';
import { UpstreamError } from '../errors/faults.js';
import { splitHttpUrl } from '../http/http-url.js';
import type { OutgoingDocument, OutgoingHttp } from '../outgoing-http/outgoing-http.js';

/** What an issuer says about itself, under the name it was asked by. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Every member as received; only `issuer` and `jwks_uri` were checked. */
  readonly metadata: JsonObject;
}

/**
 * Fetches an issuer's metadata. OIDC-09, OIDC-10; OpenID Connect Discovery §4, RFC 8414 §3.
 *
 * The document of RFC 8414 is asked for where that of OpenID Connect cannot be had. The `issuer` in
 * it must be the one asked for, character by character: nothing is normalised.
 *
 * @throws UpstreamError when there is no such document.
 */
export async function discoverIssuer(issuer: string, http: OutgoingHttp): Promise<IssuerMetadata> {
  const { body } = await fetchMetadata(issuer, http);
  const metadata = parseJsonObject(body, bodyDepth);
  if (metadata === undefined) throw new UpstreamError('Issuer metadata is not a JSON object.');
  if (metadata['issuer'] !== issuer) throw new UpstreamError('Issuer metadata has another issuer.');
  const jwksUri = metadata['jwks_uri'];
  if (typeof jwksUri !== 'string') throw new UpstreamError('Issuer metadata has no jwks_uri.');
  return { issuer, jwksUri, metadata };
}

async function fetchMetadata(issuer: string, http: OutgoingHttp): Promise<OutgoingDocument> {
  const url = splitHttpUrl(issuer);
  if (url === undefined || url.query !== undefined || issuer.includes('#')) {
    throw new UpstreamError('An issuer is a URL without query and fragment.');
  }
  const mediaTypes = ['application/json'];
  const path = url.path.replace(/\/$/, '');
  const appended = `${url.origin}${path}/.well-known/openid-configuration`;
  const inserted = `${url.origin}/.well-known/oauth-authorization-server${path}`;
  try {
    return await http.get(appended, { mediaTypes });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return http.get(inserted, { mediaTypes });
  }
}
