import { createClient } from 'redis';
import type { RedisConfiguration } from '../options.schema.js';
import { scripts } from './scripts.js';

/** The driver's client, with our scripts as its methods. */
export type RedisClient = ReturnType<typeof newClient>;

/**
 * A client for one connection, which it never replaces: see {@link RedisConnection}. Nothing is sent
 * before the connection stands, so that nothing queues up.
 */
export function newClient({ url, timeoutMs }: RedisConfiguration) {
  return createClient({
    url,
    scripts,
    socket: { connectTimeout: timeoutMs, keepAliveInitialDelay: 5_000, reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
  });
}
