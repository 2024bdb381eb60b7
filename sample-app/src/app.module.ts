import {
  AuthorizationServer,
  AuthorizationServerModule,
} from '@keybound/authorization-server/nest';
import { Clock } from '@keybound/core';
import { PopGuard, PopModule } from '@keybound/pop/nest';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { AdminController } from './api/admin.controller.js';
import { EchoController } from './api/echo.controller.js';
import { popOptions } from './api/pop-options.js';
import { PublicController } from './api/public.controller.js';
import { ResourceMetadataController } from './api/resource-metadata.controller.js';
import { WhoamiController } from './api/whoami.controller.js';
import { AppParts } from './app-parts.js';
import { authorizationServerOptions } from './authorization-server/authorization-server-options.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { HomeController } from './home/home.controller.js';
import { OAuthErrorFilter } from './http/oauth-error.filter.js';
import { LoginModule } from './login/login.module.js';
import { Users } from './login/users.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { Metrics } from './metrics/metrics.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { Settings } from './settings/settings.js';
import { AppDrain } from './shutdown/app-drain.js';

/** The whole app. `PopGuard` guards every route that is not marked with `@PopExempt()`. */
@Module({})
export class AppModule implements OnApplicationShutdown {
  constructor(@Inject(AppParts) private readonly parts: AppParts) {}

  /** @param parts The module closes them, with the app. */
  static from(settings: Settings, parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        AuthorizationServerModule.forRootAsync({
          imports: [LoginModule],
          inject: [Users],
          useFactory: (users: Users) => authorizationServerOptions(settings, parts, users),
        }),
        // The API trusts its own authorization server without asking it over the network.
        PopModule.forRootAsync({
          inject: [AuthorizationServer],
          useFactory: (issuer: AuthorizationServer) => popOptions(settings, parts, issuer),
        }),
        LoginModule,
        // Readiness tells the audit log itself.
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [
        HomeController,
        WhoamiController,
        EchoController,
        AdminController,
        PublicController,
        ResourceMetadataController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Clock, useValue: parts.clock },
        { provide: AppParts, useValue: parts },
        { provide: Metrics, useValue: parts.metrics },
        AppDrain,
        Readiness,
        RequestMetrics,
        // First: it learns which route a request is for, and refuses none.
        { provide: APP_GUARD, useExisting: RequestMetrics },
        { provide: APP_GUARD, useExisting: PopGuard },
        { provide: APP_FILTER, useClass: OAuthErrorFilter },
      ],
    };
  }

  /** Once nobody is answered any more. */
  onApplicationShutdown(): Promise<void> {
    return this.parts.close();
  }
}
