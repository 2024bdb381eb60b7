import { PopRefusedException } from '@keybound/pop/nest';
import {
  Catch,
  HttpException,
  Logger,
  ServiceUnavailableException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/**
 * Gives every error the shape of OAuth's, those of body parsers included, and tells nothing else.
 * Fields that are on the response already (challenges, nonces) stay there.
 */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(OAuthErrorFilter.name);

  constructor(private readonly host: HttpAdapterHost) {}

  catch(exception: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.host;
    const response = context.switchToHttp().getResponse<object>();
    const status = statusOf(exception);
    if (status >= 500 && !isTold(exception)) this.#logger.error(exception);
    if (httpAdapter.isHeadersSent(response)) return;
    httpAdapter.setHeader(response, 'cache-control', 'no-store');
    httpAdapter.reply(response, bodyOf(exception, status), status);
  }
}

/** Whoever threw it has told the audit log. */
function isTold(exception: unknown): boolean {
  return (
    exception instanceof PopRefusedException || exception instanceof ServiceUnavailableException
  );
}

function bodyOf(exception: unknown, status: number): string | object {
  if (exception instanceof PopRefusedException) return exception.getResponse();
  if (status === 404) return { error: 'not_found' };
  if (status === 503) return { error: 'temporarily_unavailable' };
  return { error: status < 500 ? 'invalid_request' : 'server_error' };
}

/** Express's parsers throw errors of their own, which say that their status may be told. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  if (typeof exception !== 'object' || exception === null) return 500;
  const { status, expose } = exception as { status?: unknown; expose?: unknown };
  return expose === true && typeof status === 'number' && status < 500 ? status : 500;
}
