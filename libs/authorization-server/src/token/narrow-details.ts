import { accept, type Rejection, type Result } from '@keybound/core';
import { isWithinOne } from '../authorization-details/is-within-one.js';
import type { DetailsTypes } from '../authorization-details/read-details.js';
import type { AuthorizationDetail } from '../extension/authorization-request.js';
import type { TokenRequest } from '../extension/token-request.js';
import { reject } from './rejections.js';
import { requestedDetails } from './requested-details.js';

/** What of the granted `authorization_details` a request asks for: all, where it does not say. RFC 9396 §6. */
export function narrowDetails(
  types: DetailsTypes,
  granted: readonly AuthorizationDetail[],
  request: Pick<TokenRequest, 'parameters' | 'client'>,
): Result<readonly AuthorizationDetail[], Rejection> {
  const requested = requestedDetails(types, request);
  if (!requested.ok) return requested;
  if (requested.value === undefined) return accept(granted);
  const wider = requested.value.find((detail) => !isWithinOne(types, detail, granted));
  if (wider === undefined) return accept(requested.value);
  return reject('token.authorization_details', 'AS-134', { actual: wider.type });
}

/** The details that mean something to one of the audiences. RFC 9396 §7.1, AS-133. */
export function detailsFor(
  types: DetailsTypes,
  audiences: readonly string[],
  details: readonly AuthorizationDetail[],
): readonly AuthorizationDetail[] {
  if (details.length === 0) return details;
  return details.filter((detail) => {
    const belongsTo = types.get(detail.type)?.audienceOf?.(detail);
    return belongsTo?.some((audience) => audiences.includes(audience)) ?? true;
  });
}
