import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { forgetPrefix } from './forget-prefix.js';
import type { Services } from './services.js';
import type { StoreKind } from './store-kind.js';
import type { StorePlace } from './store-place.js';

/** Makes empty places for stores, and removes them together: nobody's else are touched. */
export class StorePlaces {
  readonly #services: Services;
  readonly #removals: (() => Promise<void>)[] = [];

  constructor(services: Services) {
    this.#services = services;
  }

  /** @throws Error where a service that it needs is not there. */
  async make(kind: StoreKind): Promise<StorePlace> {
    switch (kind) {
      case 'memory':
        return {};
      case 'sqlite':
        return { sqlite: await this.#makeFile() };
      case 'postgres':
        return { postgres: this.#makeSchema() };
      case 'redis':
        return { redis: this.#makePrefix() };
      case 'postgres-redis':
        return { postgres: this.#makeSchema(), redis: this.#makePrefix() };
    }
  }

  /** Once nobody uses them any more. */
  async remove(): Promise<void> {
    for (const removal of this.#removals.splice(0)) await removal();
  }

  async #makeFile() {
    const folder = await mkdtemp(join(tmpdir(), 'keybound-bench-'));
    this.#removals.push(() => rm(folder, { recursive: true }));
    return { file: join(folder, 'keybound.sqlite') };
  }

  #makeSchema() {
    const url = this.#urlOf('postgres');
    const schema = `keybound_bench_${randomBytes(8).toString('hex')}`;
    this.#removals.push(() => dropSchema(url, schema));
    return { url, schema };
  }

  #makePrefix() {
    const url = this.#urlOf('redis');
    const prefix = `{keybound-bench-${randomBytes(8).toString('hex')}}:`;
    this.#removals.push(() => forgetPrefix(url, prefix));
    return { url, prefix };
  }

  #urlOf(name: keyof Services): string {
    const service = this.#services[name];
    if (service === undefined) throw new Error(`No ${name} answers.`);
    return service.url;
  }
}

async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
}
