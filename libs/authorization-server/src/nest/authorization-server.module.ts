import {
  ConfigurableModuleBuilder,
  Inject,
  Module,
  type NestModule,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import type { Server, ServerResponse } from 'node:http';
import { handleNodeRequest, type RoutedMessage } from '../express/handle-node-request.js';
import type { AuthorizationServerOptions } from '../server/options.schema.js';
import { AuthorizationServer } from './authorization-server.token.js';
import { keepContent } from './keep-content.js';
import { plugInsOf } from './plug-ins-of.js';
import { StartingAuthorizationServer } from './starting-authorization-server.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<AuthorizationServerOptions>({ moduleName: 'AuthorizationServer' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createAuthorizationServerOptions')
    .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal,
    }))
    .build();

/**
 * An authorization server inside the application, on Express or Fastify.
 *
 * It answers its own paths as middleware, before any route: no guard, pipe or interceptor is asked,
 * and no global prefix counts. All other paths pass. Plug-ins are the providers that are marked with
 * `authorizationServerPlugIn`, of whichever module.
 *
 * Options are parsed once, when the application starts; a mistake, or two plug-ins that add the same,
 * stops the start.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: AuthorizationServer,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: AuthorizationServerOptions) => new StartingAuthorizationServer(options),
    },
  ],
  exports: [AuthorizationServer],
})
export class AuthorizationServerModule
  extends ConfigurableModuleClass
  implements NestModule, OnModuleInit
{
  constructor(
    @Inject(AuthorizationServer) private readonly server: StartingAuthorizationServer,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    super();
  }

  /** By the adapter: a consumer's middleware would stand below the application's global prefix. */
  configure(): void {
    this.host.httpAdapter.use(
      async (message: RoutedMessage, response: ServerResponse, next: () => void) => {
        if (!(await handleNodeRequest(this.server, message, response))) next();
      },
    );
  }

  async onModuleInit(): Promise<void> {
    await this.server.start(plugInsOf(this.discovery));
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    // Fastify runs middleware before it parses anything.
    if (adapter?.getType() !== 'express') return;
    const http = adapter.getHttpServer() as Server | undefined;
    if (http !== undefined) keepContent(http, this.server);
  }
}
