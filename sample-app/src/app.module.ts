import { Clock } from '@keybound/core';
import { PopGuard, PopModule } from '@keybound/pop/nest';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AdminController } from './api/admin.controller.js';
import { EchoController } from './api/echo.controller.js';
import { popOptions } from './api/pop-options.js';
import { PublicController } from './api/public.controller.js';
import { ResourceMetadataController } from './api/resource-metadata.controller.js';
import { WhoamiController } from './api/whoami.controller.js';
import type { AppParts } from './app-parts.js';
import { DevelopmentIssuer } from './development-issuer/development-issuer.js';
import { DevelopmentTokenController } from './development-issuer/development-token.controller.js';
import { HealthController } from './health/health.controller.js';
import { OAuthErrorFilter } from './http/oauth-error.filter.js';
import { Settings } from './settings.js';

/** The whole app. `PopGuard` guards every route that is not marked with `@PopExempt()`. */
@Module({})
export class AppModule {
  /** @throws ConfigurationError for settings that do not fit together. */
  static async from(settings: Settings, parts: AppParts): Promise<DynamicModule> {
    const issuer =
      settings.deployment === 'development'
        ? await DevelopmentIssuer.create(settings.issuer, parts.clock)
        : undefined;
    return {
      module: AppModule,
      imports: [PopModule.forRoot(popOptions(settings, parts, issuer))],
      controllers: [
        WhoamiController,
        EchoController,
        AdminController,
        PublicController,
        ResourceMetadataController,
        HealthController,
        ...(issuer === undefined ? [] : [DevelopmentTokenController]),
      ],
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Clock, useValue: parts.clock },
        ...(issuer === undefined ? [] : [{ provide: DevelopmentIssuer, useValue: issuer }]),
        { provide: APP_GUARD, useExisting: PopGuard },
        { provide: APP_FILTER, useClass: OAuthErrorFilter },
      ],
    };
  }
}
