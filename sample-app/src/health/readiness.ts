import { AuthorizationServer } from '@keybound/authorization-server/nest';
import { safeText } from '@keybound/core';
import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { AppParts } from '../app-parts.js';
import { Settings } from '../settings/settings.js';
import { AppDrain } from '../shutdown/app-drain.js';

/** By which it is longer than any store takes to say that it cannot answer. THR-66. */
const graceMs = 1_000;

/** Whether requests would be answered: stores and keys are asked, and the process is not about to end. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(AuthorizationServer) private readonly server: AuthorizationServer,
    @Inject(AppParts) private readonly parts: AppParts,
    @Inject(AppDrain) private readonly drain: AppDrain,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  /** @throws ServiceUnavailableException with the names of what is away, which the log has too. */
  async check(): Promise<void> {
    if (this.drain.isDraining) throw new ServiceUnavailableException();
    const { stores, keys, clock } = this.server.services;
    const now = clock.now();
    const { services } = this.parts;
    await this.health.check([
      ...services.map((service) => () => this.#ask(service.name, () => service.check())),
      () => this.#ask('clients', () => stores.clients.find('nobody', now)),
      ...keys.algorithms.map(
        (algorithm) => () => this.#ask(`${algorithm} key`, () => keys.current(algorithm, now)),
      ),
    ]);
  }

  async #ask(name: string, ask: () => Promise<unknown>): Promise<HealthIndicatorResult> {
    const attempt = this.indicators.check(name).attempt(async () => {
      try {
        await ask();
      } catch (error) {
        this.#tell(name, error);
        throw error;
      }
    });
    return attempt.withTimeout(this.settings.storeTimeoutMs + graceMs);
  }

  #tell(name: string, error: unknown): void {
    const { audit } = this.server.services;
    const code = error instanceof Error ? error.name : 'Error';
    const actual = safeText(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    audit.record({ kind: 'fault', code, actual });
  }
}
