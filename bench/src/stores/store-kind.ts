import type { Services } from './services.js';

/** What keeps the stores of a server; of those with Redis, that has what may be lost. */
export type StoreKind = 'memory' | 'sqlite' | 'postgres' | 'redis' | 'postgres-redis';

const needs: Readonly<Record<StoreKind, readonly (keyof Services)[]>> = {
  memory: [],
  sqlite: [],
  postgres: ['postgres'],
  redis: ['redis'],
  'postgres-redis': ['postgres', 'redis'],
};

export function isAvailable(kind: StoreKind, services: Services): boolean {
  return needs[kind].every((name) => services[name] !== undefined);
}
