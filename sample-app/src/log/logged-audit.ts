import type { AuditEvent, AuditLog } from '@keybound/core';
import type { LoggerService } from '@nestjs/common';

const context = 'audit';

/** Tells events as log entries, each with its members as fields: what went well at `log`. */
export class LoggedAudit implements AuditLog {
  constructor(private readonly logger: LoggerService) {}

  record({ code, ...fields }: AuditEvent): void {
    if (fields.kind === 'done') this.logger.log(code, fields, context);
    else if (fields.kind === 'fault') this.logger.error(code, fields, context);
    else this.logger.warn(code, fields, context);
  }
}
