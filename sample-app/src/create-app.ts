import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import type { AppParts } from './app-parts.js';
import { httpAdapter, prepareHttp } from './http/prepare-http.js';
import { openParts } from './open-parts.js';
import type { Settings } from './settings/settings.js';

const nestOptions = {
  // What goes wrong at start is thrown; Nest would log it as well. `listen` lets it log.
  logger: false,
  abortOnError: false,
  bodyParser: false,
} as const;

/**
 * Builds the app; the caller lets it listen, and closes it.
 *
 * @param overrides Parts of one's own, such as a clock that stands still.
 * @throws ConfigurationError for settings that do not fit together.
 * @throws StoreUnavailableError where a store is away.
 */
export async function createApp(
  settings: Settings,
  overrides: Partial<AppParts> = {},
): Promise<INestApplication> {
  const parts = await openParts(settings, overrides);
  try {
    const module = AppModule.from(settings, parts);
    const app = await NestFactory.create(module, httpAdapter(settings), nestOptions);
    prepareHttp(app, settings);
    return app;
  } catch (error) {
    await parts.close();
    throw error;
  }
}
