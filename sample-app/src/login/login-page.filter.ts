import { AuthorizationServer } from '@keybound/authorization-server/nest';
import { StoreUnavailableError, UpstreamError, safeText } from '@keybound/core';
import {
  Catch,
  HttpException,
  Inject,
  Injectable,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InteractionRefusedException } from './interaction-refused.exception.js';
import type { LoginRequest } from './interaction.guard.js';
import type { Answer } from './page.js';
import { faultPage, refusalPage, tooManyLoginsPage } from './problem-page.js';
import { sendAnswer } from './send-answer.js';
import { TooManyLoginsException } from './too-many-logins.exception.js';
import { whereOf } from './where-of.js';

/** People read these pages: what goes wrong is told in a page too, and in the log. */
@Catch()
@Injectable()
export class LoginPageFilter implements ExceptionFilter {
  readonly #logger = new Logger(LoginPageFilter.name);

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(AuthorizationServer) private readonly server: AuthorizationServer,
  ) {}

  catch(exception: unknown, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const answer = this.#answerTo(exception, http.getRequest<LoginRequest>());
    sendAnswer(this.host.httpAdapter, http.getResponse(), answer);
  }

  #answerTo(exception: unknown, request: LoginRequest): Answer {
    const { audit } = this.server.services;
    const where = whereOf(request);
    if (exception instanceof InteractionRefusedException) {
      const { rejection } = exception;
      const { code, requirement, rule } = rejection;
      audit.record({ kind: 'refused', code, requirement, rule, ...where });
      return refusalPage(rejection, request.method === 'POST');
    }
    if (exception instanceof TooManyLoginsException) {
      audit.record({ kind: 'refused', code: 'login.too_many', ...where });
      return tooManyLoginsPage(exception.retryAfterSeconds);
    }
    if (exception instanceof StoreUnavailableError || exception instanceof UpstreamError) {
      const actual = safeText(exception.message);
      audit.record({ kind: 'fault', code: exception.name, actual, ...where });
      return faultPage(503);
    }
    if (exception instanceof HttpException) return faultPage(exception.getStatus());
    this.#logger.error(exception);
    return faultPage(500);
  }
}
