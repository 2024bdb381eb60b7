import type {
  InteractionAnswer,
  InteractionDetails,
  InteractionNext,
} from '@keybound/authorization-server/extension';
import { AuthorizationServer } from '@keybound/authorization-server/nest';
import type { Rejection, Result } from '@keybound/core';
import { PopExempt } from '@keybound/pop/nest';
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Inject,
  Post,
  Req,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { consentPage, withoutField } from './consent-page.js';
import { fieldOf } from './form.js';
import { FormGuard } from './form.guard.js';
import { InteractionRefusedException } from './interaction-refused.exception.js';
import { Interaction, InteractionGuard, type LoginRequest } from './interaction.guard.js';
import { LoginAttempts } from './login-attempts.js';
import { LoginLimitGuard } from './login-limit.guard.js';
import { loginPage } from './login-page.js';
import { LoginPageFilter } from './login-page.filter.js';
import { PageInterceptor } from './page.interceptor.js';
import { seeOther, type Answer } from './page.js';
import { PasswordGuard } from './password.guard.js';
import { whereOf } from './where-of.js';

/** The pages to which the authorization server sends browsers. Each shows or answers one question. */
@Controller('login')
@PopExempt()
@UseGuards(InteractionGuard)
@UseInterceptors(PageInterceptor)
@UseFilters(LoginPageFilter)
export class LoginController {
  constructor(
    @Inject(AuthorizationServer) private readonly server: AuthorizationServer,
    @Inject(LoginAttempts) private readonly attempts: LoginAttempts,
  ) {}

  @Get(':id')
  ask(@Interaction() details: InteractionDetails): Answer {
    return details.reasons[0] === 'consent' ? consentPage(details) : loginPage(details);
  }

  @Post(':id')
  @UseGuards(FormGuard, LoginLimitGuard, PasswordGuard)
  async logIn(
    @Interaction() details: InteractionDetails,
    @Req() request: LoginRequest,
    @Body() form: unknown,
  ): Promise<Answer> {
    const { user: subject } = request;
    if (subject === undefined) {
      const { audit } = this.server.services;
      audit.record({ kind: 'refused', code: 'login.password', ...whereOf(request) });
      return loginPage(details, { username: fieldOf(form, 'username') ?? '' });
    }
    // First: once the answer is kept, only this page knows where the browser goes next.
    await this.attempts.succeed(request);
    return this.#answer(details, form, { login: { subject, amr: ['pwd'] } });
  }

  @Post(':id/decision')
  @UseGuards(FormGuard)
  async decide(@Interaction() details: InteractionDetails, @Body() form: unknown): Promise<Answer> {
    const decision = fieldOf(form, 'decision');
    if (decision === 'allow') {
      // The page was left open until the login grew too old, perhaps: show what is asked now.
      if (details.reasons[0] !== 'consent') return seeOther(`/login/${details.id}`);
      const scopes = details.scopes.filter(
        (scope) => scope === 'openid' || fieldOf(form, withoutField(scope)) === undefined,
      );
      return this.#answer(details, form, { consent: { scopes, remember: true } });
    }
    if (decision !== 'deny' && fieldOf(form, 'cancel') === undefined) {
      throw new BadRequestException();
    }
    const { interactions } = this.server;
    return goOn(details, await interactions.reject(details, fieldOf(form, 'csrf')));
  }

  async #answer(
    details: InteractionDetails,
    form: unknown,
    answer: InteractionAnswer,
  ): Promise<Answer> {
    const { interactions } = this.server;
    return goOn(details, await interactions.answer(details, fieldOf(form, 'csrf'), answer));
  }
}

function goOn({ id }: InteractionDetails, next: Result<InteractionNext, Rejection>): Answer {
  if (next.ok) return seeOther(next.value.location);
  // Answered in another tab: show what is asked now.
  if (next.failure.code === 'interaction.stale') return seeOther(`/login/${id}`);
  throw new InteractionRefusedException(next.failure);
}
