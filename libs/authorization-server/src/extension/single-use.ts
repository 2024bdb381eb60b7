import type { Rejection, Spend } from '@keybound/core';

/**
 * Something that a success uses up, and how a second use of it is refused. Whoever verifies returns
 * these; the endpoint claims them all at once, last, so that a refused request has used up nothing.
 */
export interface SingleUse {
  readonly spend: Spend;
  /** What the client is told as well where replay memory was lost; see `refuseUnclaimed`. THR-68. */
  readonly replayed: Rejection;
}
