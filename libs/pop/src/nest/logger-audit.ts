import type { AuditLog } from '@keybound/core';
import { Logger } from '@nestjs/common';

const logger = new Logger('Keybound');

/** Tells events through Nest's logger, a line of JSON each: what went well at `log`, the rest at `warn`. */
export const loggerAudit: AuditLog = {
  record(event) {
    const line = JSON.stringify(event);
    if (event.kind === 'done') logger.log(line);
    else logger.warn(line);
  },
};
