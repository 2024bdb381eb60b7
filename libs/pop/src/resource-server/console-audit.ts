import type { AuditLog } from '@keybound/core';

/** Tells refusals on standard error, a line of JSON each. */
export const consoleAudit: AuditLog = {
  record(event) {
    console.warn(JSON.stringify({ audit: event }));
  },
};
