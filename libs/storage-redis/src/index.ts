export { openRedis } from './open-redis.js';
export type { RedisOptions } from './options.schema.js';
export type { RedisStorage } from './redis-storage.js';
