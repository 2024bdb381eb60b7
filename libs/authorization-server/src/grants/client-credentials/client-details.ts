import { accept, type Rejection, type Result } from '@keybound/core';
import type { DetailsTypes } from '../../authorization-details/read-details.js';
import type { AuthorizationDetail } from '../../extension/authorization-request.js';
import type { TokenRequest } from '../../extension/token-request.js';
import { requestedDetails } from '../../token/requested-details.js';

/** What a client may have on its own authority: what it asks for, of types that it registered. RFC 9396 §10. */
export function clientDetails(
  types: DetailsTypes,
  request: TokenRequest,
): Result<readonly AuthorizationDetail[], Rejection> {
  const requested = requestedDetails(types, request);
  if (!requested.ok) return requested;
  const registered = request.client.metadata.authorization_details_types ?? [];
  const details = requested.value ?? [];
  return accept(details.filter(({ type }) => registered.includes(type)));
}
