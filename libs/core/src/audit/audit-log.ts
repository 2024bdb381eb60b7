/** What an operator is told. Every value is safe to log: no token, no proof, no secret. */
export interface AuditEvent {
  readonly kind:
    | 'refused'
    | 'reported'
    | 'replay'
    /** A code or refresh token was used again: somebody else has it. THR-49, THR-50. */
    | 'reuse'
    | 'fault'
    | 'warning'
    /** Something that an operator wants on record: issued, revoked, registered, logged in. */
    | 'done';
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
  /** The authorization that was touched: of a code, a refresh token, an access token. */
  readonly grantId?: string;
  readonly remoteAddress?: string;
}

export interface AuditLog {
  /** Must not throw and must not block: it runs on the request's path. */
  record(event: AuditEvent): void;
}

export const AuditLog = Symbol('AuditLog');
