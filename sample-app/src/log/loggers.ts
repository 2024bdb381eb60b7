import type { AuditLog } from '@keybound/core';
import type { LogLevel } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import { LoggedAudit } from './logged-audit.js';
import { RedactingLogger } from './redacting-logger.js';

type LogSettings = Pick<Settings, 'logs'>;

const troubles: readonly LogLevel[] = ['fatal', 'error', 'warn'];

/** For what goes wrong, and what to look into. @param secrets That no line may hold. */
export function appLogger({ logs }: LogSettings, secrets: readonly string[]): RedactingLogger {
  return new RedactingLogger({ format: logs, levels: troubles, secrets });
}

/** Programs are told what went well too. @param secrets That no line may hold. */
export function loggedAudit({ logs }: LogSettings, secrets: readonly string[]): AuditLog {
  const levels: readonly LogLevel[] = logs === 'json' ? [...troubles, 'log'] : troubles;
  return new LoggedAudit(new RedactingLogger({ format: logs, levels, secrets }));
}

/** For what the app says at its start. */
export function announcer({ logs }: LogSettings): (line: string) => void {
  if (logs === 'text') {
    return (line) => {
      console.log(line);
    };
  }
  const logger = new RedactingLogger({ format: logs, levels: ['log'], secrets: [] });
  return (line) => {
    logger.log(line, 'start');
  };
}
