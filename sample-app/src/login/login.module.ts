import {
  Inject,
  Module,
  type MiddlewareConsumer,
  type NestModule,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { addFormParser, formParser, type FastifyParsers } from './form-parser.js';
import { LoginAttempts } from './login-attempts.js';
import { LoginController } from './login.controller.js';
import { PasswordStrategy } from './password.strategy.js';
import { Users } from './users.js';

/** Where users log in, and say what they allow: this app's own side of the authorization server. */
@Module({
  imports: [PassportModule],
  controllers: [LoginController],
  providers: [Users, PasswordStrategy, LoginAttempts],
  exports: [Users],
})
export class LoginModule implements NestModule, OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  configure(consumer: MiddlewareConsumer): void {
    if (this.#isFastify()) return;
    consumer.apply(formParser).forRoutes(LoginController);
  }

  onModuleInit(): void {
    if (this.#isFastify()) addFormParser(this.host.httpAdapter.getInstance<FastifyParsers>());
  }

  #isFastify(): boolean {
    return this.host.httpAdapter.getType() === 'fastify';
  }
}
