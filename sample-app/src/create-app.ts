import { InMemoryReplayStore, systemClock } from '@keybound/core';
import type { INestApplication, LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import type { AppParts } from './app-parts.js';
import { httpAdapter, prepareHttp } from './http/prepare-http.js';
import type { Settings } from './settings.js';

const logLevels: LogLevel[] = ['fatal', 'error', 'warn'];

const nestOptions = {
  // What goes wrong at start is thrown; Nest would log it as well, with its stack.
  logger: false,
  abortOnError: false,
  bodyParser: false,
  forceCloseConnections: true,
} as const;

/**
 * Builds the app; the caller lets it listen, and closes it.
 *
 * @param overrides Parts of one's own, such as a clock that stands still.
 * @throws ConfigurationError for settings that do not fit together.
 */
export async function createApp(
  settings: Settings,
  overrides: Partial<AppParts> = {},
): Promise<INestApplication> {
  const parts = { clock: systemClock, replay: new InMemoryReplayStore(), ...overrides };
  const module = await AppModule.from(settings, parts);
  const app = await NestFactory.create(module, httpAdapter(settings), nestOptions);
  app.useLogger(logLevels);
  prepareHttp(app, settings);
  return app;
}
