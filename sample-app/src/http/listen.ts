import { ConfigurationError } from '@keybound/core';
import type { INestApplication } from '@nestjs/common';
import { networkInterfaces } from 'node:os';
import { AppParts } from '../app-parts.js';
import { hasCode } from '../keys/has-code.js';
import { appLogger } from '../log/loggers.js';
import { Settings } from '../settings/settings.js';

/**
 * Lets the app listen, and log from then on; closes it where it cannot.
 *
 * @param host Every address of this machine where absent: adapters do not agree on that.
 * @throws ConfigurationError for a port that it cannot have, and for settings that do not fit together;
 *   what else listening throws.
 */
export async function listen(
  app: INestApplication,
  port: number,
  host: string = everywhere(),
): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw inWordsOfOperator(error, port);
  }
  const { secrets } = app.get<AppParts>(AppParts);
  app.useLogger(appLogger(app.get<Settings>(Settings), secrets));
}

function inWordsOfOperator(error: unknown, port: number): unknown {
  if (hasCode(error, 'EADDRINUSE')) {
    return new ConfigurationError(
      `PORT ${port} is in use; end what listens there, or set another.`,
    );
  }
  if (hasCode(error, 'EACCES')) {
    return new ConfigurationError(`PORT ${port} is not for this account; set one from 1024 on.`);
  }
  return error;
}

/** IPv6 includes IPv4, where there is any. */
function everywhere(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
