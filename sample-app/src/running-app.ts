import type { AppParts } from './app-parts.js';
import { createApp } from './create-app.js';
import { listen } from './http/listen.js';
import type { Settings } from './settings/settings.js';

/** The app, listening on loopback in this process: for demos and tests. */
export interface RunningApp {
  /** Where it really listens, without a trailing slash. */
  readonly address: string;
  close(): Promise<void>;
}

/** @param settings `port: 0` takes any free one. */
export async function runApp(
  settings: Settings,
  overrides: Partial<AppParts> = {},
): Promise<RunningApp> {
  const app = await createApp(settings, overrides);
  await listen(app, settings.port, '127.0.0.1');
  return { address: (await app.getUrl()).replace(/\/$/, ''), close: () => app.close() };
}
