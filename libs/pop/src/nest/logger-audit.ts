import type { AuditLog } from '@keybound/core';
import { Logger } from '@nestjs/common';

const logger = new Logger('Keybound');

/** Tells refusals through Nest's logger, one event each. */
export const loggerAudit: AuditLog = {
  record(event) {
    logger.warn(JSON.stringify(event));
  },
};
