import type { AuditEvent, AuditLog } from '@keybound/core';
import type { Metrics } from './metrics.js';

/** Counts what is told to the audit log, and tells it on. */
export class CountedAudit implements AuditLog {
  constructor(
    private readonly metrics: Metrics,
    private readonly next: AuditLog,
  ) {}

  record(event: AuditEvent): void {
    this.metrics.countEvent(event);
    this.next.record(event);
  }
}
