import type { INestApplication } from '@nestjs/common';
import { networkInterfaces } from 'node:os';

/**
 * Lets the app listen, and closes it where it cannot.
 *
 * @param host Every address of this machine where absent: adapters do not agree on that.
 * @throws ConfigurationError for settings that do not fit together, and what listening throws.
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
    throw error;
  }
}

/** IPv6 includes IPv4, where there is any. */
function everywhere(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
