import type { AuditEvent } from '@keybound/core';
import { Counter, Histogram, Registry } from 'prom-client';
import { processMetrics } from './process-metrics.js';

/** Codes are few and ours; this holds should one ever not be. THR-73. */
const maxEvents = 1_000;

const inSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What one app counts. No label holds anything that came from outside. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #process = processMetrics();
  readonly #seen = new Set<string>();

  readonly #events = new Counter({
    name: 'keybound_events_total',
    help: 'What was told to the audit log.',
    labelNames: ['kind', 'code'],
    registers: [this.#registry],
  });

  readonly #requests = new Histogram({
    name: 'keybound_http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['route', 'status'],
    buckets: inSeconds,
    registers: [this.#registry],
  });

  readonly #operations = new Histogram({
    name: 'keybound_store_operation_duration_seconds',
    help: 'How long a store took to answer, or to fail.',
    labelNames: ['store', 'operation'],
    buckets: inSeconds,
    registers: [this.#registry],
  });

  readonly #failures = new Counter({
    name: 'keybound_store_operation_errors_total',
    help: 'What a store did not answer.',
    labelNames: ['store', 'operation'],
    registers: [this.#registry],
  });

  countEvent({ kind, code }: AuditEvent): void {
    const name = `${kind} ${code}`;
    if (!this.#seen.has(name) && this.#seen.size >= maxEvents) return;
    this.#seen.add(name);
    this.#events.inc({ kind, code });
  }

  /** @returns Tells that the answer has ended. */
  startRequest(): (labels: { readonly route: string; readonly status: string }) => void {
    return this.#requests.startTimer();
  }

  /** @returns Tells that the store has answered. */
  startOperation(store: string, operation: string): (answered: boolean) => void {
    const labels = { store, operation };
    const stop = this.#operations.startTimer(labels);
    return (answered) => {
      stop();
      if (!answered) this.#failures.inc(labels);
    };
  }

  /** In Prometheus' text format, with what is known of the process. */
  async text(): Promise<string> {
    const [own, shared] = await Promise.all([this.#registry.metrics(), this.#process.metrics()]);
    return own + shared;
  }
}
