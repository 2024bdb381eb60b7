import type { AuditEvent, AuditLog } from '@keybound/core';

const maxEntries = 10_000;

/**
 * Counts, per client and reason, the requests that `enforcement: 'report'` let through, and passes
 * every event on. When the counts stand still, it is time for `'enforce'`.
 */
export class ReportTally implements AuditLog {
  readonly #counts = new Map<string, ReportCount>();

  constructor(readonly next: AuditLog) {}

  record(event: AuditEvent): void {
    if (event.kind === 'reported') this.#count(event.clientId ?? '(unknown)', event.code);
    this.next.record(event);
  }

  /** Beyond 10,000 pairs of client and reason, further ones are not counted. */
  counts(): readonly ReportCount[] {
    return [...this.#counts.values()];
  }

  #count(clientId: string, code: string): void {
    const key = `${clientId} ${code}`;
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= maxEntries) return;
    this.#counts.set(key, { clientId, code, requests: (known?.requests ?? 0) + 1 });
  }
}

export interface ReportCount {
  readonly clientId: string;
  readonly code: string;
  readonly requests: number;
}
