import type { AuthorizationDetail } from '../extension/authorization-request.js';
import type { DetailsTypes } from './read-details.js';

/** RFC 9396 §6: whether one of the `allowed` entries takes in `asked`, by the rules of its type. */
export function isWithinOne(
  types: DetailsTypes,
  asked: AuthorizationDetail,
  allowed: readonly AuthorizationDetail[],
): boolean {
  const type = types.get(asked.type);
  return (
    type !== undefined &&
    allowed.some((entry) => entry.type === asked.type && type.isWithin(asked, entry))
  );
}
