import type { AuditLog, Clock, ReplayStore } from '@keybound/core';

/** What the app is built from, so that a test can hand in its own. */
export interface AppParts {
  readonly clock: Clock;
  readonly replay: ReplayStore;
  /** Where refusals are told; Nest's logger where absent. */
  readonly audit?: AuditLog;
}
