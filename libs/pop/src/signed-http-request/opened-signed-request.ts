import type { JwsAlgorithmName, UnverifiedJws } from '@keybound/core';
import type { SignedRequestTransport } from './signed-request-policy.js';

/**
 * A signed HTTP request whose form was checked and nothing more: its key is known only once its
 * access token has been verified.
 */
export interface OpenedSignedRequest {
  readonly method: 'signed-http-request';
  readonly transport: SignedRequestTransport;
  /** Under a MAC only where the policy takes some. */
  readonly jws: UnverifiedJws<JwsAlgorithmName>;
}
