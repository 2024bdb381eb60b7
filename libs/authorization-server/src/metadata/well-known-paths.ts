import { issuerPath } from '../endpoint/endpoint-table.js';

/** OpenID Connect Discovery §4.1: below the issuer. */
export const openidPath = '/.well-known/openid-configuration';

/** Where else the metadata of an issuer stands, as paths below its origin. */
export interface WellKnownPaths {
  /** RFC 8414 §3.1: inserted before the path of the issuer. */
  readonly oauth: string;
  /** RFC 8414 §5; undefined where it is the same as below the issuer. */
  readonly openidInserted: string | undefined;
}

/** AS-200, OIDC-09. One trailing slash of the issuer counts for nothing. */
export function wellKnownPaths(issuer: string): WellKnownPaths {
  const path = issuerPath(issuer);
  return {
    oauth: `/.well-known/oauth-authorization-server${path}`,
    openidInserted: path === '' ? undefined : openidPath + path,
  };
}
