/** What an operator is told. Every value is safe to log: no token, no proof, no secret. */
export interface AuditEvent {
  readonly kind: 'refused' | 'reported' | 'replay' | 'fault' | 'warning';
  /** The refusal's code, the fault's name, or what to look into. */
  readonly code: string;
  readonly requirement?: string;
  readonly rule?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly method?: string;
  readonly path?: string;
  readonly clientId?: string;
  readonly issuer?: string;
  readonly thumbprint?: string;
  readonly remoteAddress?: string;
}

export interface AuditLog {
  /** Must not throw and must not block: it runs on the request's path. */
  record(event: AuditEvent): void;
}

export const AuditLog = Symbol('AuditLog');
