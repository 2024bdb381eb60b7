import type { JsonObject, Rejection, Result, Seconds } from '@keybound/core';

/**
 * Asks an issuer about a token that only the issuer can read. RFC 7662 §2.
 *
 * In process a function over the issuer's own records; otherwise {@link remoteIntrospection}.
 */
export interface TokenIntrospection {
  /**
   * @returns The members of the response, `active` among them; or why it cannot be believed.
   * @throws UpstreamError or StoreUnavailableError where there is no answer.
   */
  introspect(token: string, now: Seconds): Promise<Result<JsonObject, Rejection>>;
}
