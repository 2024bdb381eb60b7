import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { buildPopResource } from '../resource-server/build-pop-resource.js';
import type { PopOptions } from '../resource-server/pop-options.schema.js';
import { ContentCapture } from './content-capture.js';
import { loggerAudit } from './logger-audit.js';
import { PopGuard } from './pop.guard.js';
import { PopResource } from './pop-resource.token.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<PopOptions>(
  { moduleName: 'Pop' },
)
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createPopOptions')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({
    ...definition,
    global: isGlobal,
  }))
  .build();

/**
 * Guards for key-bound access tokens.
 *
 * Imported once, it serves every module of the application; with `isGlobal: false`, those that import
 * it, so that one application can be several resources.
 *
 * Options are parsed once, when Nest builds the provider, for `forRoot` and `forRootAsync` alike; a
 * mistake stops the start. The raw options stay private to this module.
 */
@Module({
  providers: [
    {
      provide: PopResource,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: PopOptions) => buildPopResource(options, loggerAudit),
    },
    ContentCapture,
    PopGuard,
  ],
  exports: [PopResource, PopGuard],
})
export class PopModule extends ConfigurableModuleClass {}
