import type { AuditEvent, AuditLog } from '@keybound/core';

/** An audit log that keeps what it is told. */
export class RecordedAudit implements AuditLog {
  readonly events: AuditEvent[] = [];

  record(event: AuditEvent): void {
    this.events.push(event);
  }
}
