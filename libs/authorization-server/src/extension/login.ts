import type { Seconds } from '@keybound/core';

/** How a user logged in. Times in seconds. */
export interface Login {
  readonly authTime: Seconds;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  /** Our public session identifier, for logout. */
  readonly sid: string | undefined;
}
