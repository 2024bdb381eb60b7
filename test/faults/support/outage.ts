import { expect } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { WireAnswer } from '../../support/wire-answer.js';
import { statusOf, type AppProcess } from './app-process.js';
import { eventually } from './eventually.js';
import type { FaultProxy, ProxyMode } from './fault-proxy.js';

/** THR-66 asks for two seconds; a machine that does other things as well may take far longer. */
const patienceMs = 30_000;

/** Something that goes wrong with a store, and how it ends. */
export interface Fault {
  readonly ids: string;
  readonly name: string;
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
  /** Where the store hears what it is asked, if late: what is to be used once counts as used then. */
  readonly hears?: true;
  /** Where it would answer a question as small as that for readiness. */
  readonly isReady?: true;
}

/** One that lies between app and store. */
export function through(proxy: () => FaultProxy, mode: ProxyMode): Pick<Fault, 'begin' | 'end'> {
  return { begin: () => proxy().set(mode), end: () => proxy().set({ kind: 'pass' }) };
}

/** @throws Error where no answer comes, however long somebody waits for it. THR-66. */
export async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const over = new AbortController();
  const late = pause(patienceMs, undefined, { signal: over.signal }).then(
    () => {
      throw new Error('There was no answer in time.');
    },
    () => answer,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

/** THR-66: who asks is told to come again, and nothing else; a client keeps its tokens. */
export function expectToldToComeAgain(answer: Pick<WireAnswer, 'status' | 'headers' | 'body'>) {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status: 503,
    body: '{"error":"temporarily_unavailable"}',
  });
  expectRetryAfter(answer);
  expect(answer.headers.get('www-authenticate')).toBeNull();
}

/** The same on a page for people. */
export function expectPageToComeAgain(answer: Pick<WireAnswer, 'status' | 'headers' | 'body'>) {
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expectRetryAfter(answer);
}

function expectRetryAfter(answer: Pick<WireAnswer, 'headers'>): void {
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

/** Whether whoever keeps it running sends it no more requests, and does not kill it. */
export async function expectUnreadyButAlive({ address }: AppProcess): Promise<void> {
  expect(await eventually(async () => (await statusOf(`${address}/readyz`)) === 503)).toBe(true);
  expect(await statusOf(`${address}/healthz`)).toBe(200);
}

/** Once its store is back, and without being started again. */
export async function expectRecovery(app: AppProcess): Promise<void> {
  expect(await eventually(() => app.isReady())).toBe(true);
}
