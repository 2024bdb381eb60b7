import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inMemoryStores, signingKeysFrom } from '@keybound/authorization-server';
import { StoreUnavailableError } from '@keybound/core';
import { issuerKey, signerFor } from '@keybound/testing';
import { runApp, type RunningApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';
import { CountedAudit } from './counted-audit.js';
import { measuredStore } from './measured-store.js';
import { Metrics } from './metrics.js';

const audit = { record: () => undefined };

describe.each(['express', 'fastify'])('metrics on %s', (adapter) => {
  const stores = inMemoryStores();
  let app: RunningApp;
  beforeAll(async () => {
    stores.counters.count = () => Promise.reject(new StoreUnavailableError('away'));
    const keys = await signingKeysFrom([await signerFor(issuerKey)]);
    const settings = { ...readSettings({ HTTP_ADAPTER: adapter }), port: 0 };
    app = await runApp(settings, { audit, stores, keys });
  });
  afterAll(() => app.close());

  const text = async () => (await fetch(`${app.address}/metrics`)).text();
  const requests = async (route: string, status: string) =>
    valueOf(
      await text(),
      `keybound_http_request_duration_seconds_count{route="${route}",status="${status}"}`,
    );

  it.each([
    ['a route', 'GET', '/api/public', '/api/public', '2xx'],
    ['a route that refuses', 'GET', '/api/whoami?x=1', '/api/whoami', '4xx'],
    ['a route with a parameter', 'GET', '/login/interaction_x', '/login/:id', '4xx'],
    ['an endpoint of the authorization server', 'GET', '/jwks?x=1', '/jwks', '2xx'],
    ['an unknown path', 'GET', '/secret-of-somebody', 'other', '4xx'],
    ['a preflight', 'OPTIONS', '/api/echo', 'other', '2xx'],
    ['a target that cannot be read', 'GET', '/api/%zz', 'other', '4xx'],
  ])(
    'THR-73 measures requests by their route, never by their path: %s',
    async (_what, method, path, route, status) => {
      const before = await requests(route, status);
      const headers = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
      await (await fetch(app.address + path, { method, headers })).arrayBuffer();
      expect(await requests(route, status)).toBe(before + 1);
      expect(await text()).not.toMatch(/secret-of-somebody|interaction_x|%zz|x=1/);
    },
  );

  it('THR-73 takes no more names of routes, however many paths are asked for', async () => {
    const lines = async () => (await text()).split('\n').filter((line) => line.includes('route='));
    await fetch(`${app.address}/nowhere/0`);
    const before = (await lines()).length;
    for (let at = 1; at < 20; at += 1) await fetch(`${app.address}/nowhere/${at}?q=${at}`);
    expect((await lines()).length).toBeLessThanOrEqual(before + 14);
  });

  it('THR-66 measures what stores are asked, and counts what they do not answer', async () => {
    const labels = '{store="counters",operation="count"}';
    const asked = `keybound_store_operation_duration_seconds_count${labels}`;
    const failed = `keybound_store_operation_errors_total${labels}`;
    const before = await text();
    const init = { method: 'POST', body: '{"redirect_uris":["https://client.example/cb"]}' };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${app.address}/register`, { ...init, headers });
    expect(answer.status).toBe(503);
    const after = await text();
    expect(valueOf(after, asked)).toBe(valueOf(before, asked) + 1);
    expect(valueOf(after, failed)).toBe(valueOf(before, failed) + 1);
  });

  it('THR-72 tells of the process, and how late its event loop is', async () => {
    expect(await text()).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(await text()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });
});

describe('Metrics', () => {
  it('THR-73 counts events by kind and code, up to a thousand of them', async () => {
    const metrics = new Metrics();
    const told: string[] = [];
    const log = new CountedAudit(metrics, { record: ({ code }) => told.push(code) });
    for (let at = 0; at < 1_500; at += 1) log.record({ kind: 'refused', code: `code ${at}` });
    log.record({ kind: 'refused', code: 'code 0' });
    expect(told).toHaveLength(1_501);
    const text = await metrics.text();
    expect(text.match(/^keybound_events_total\{/gm)).toHaveLength(1_000);
    expect(valueOf(text, 'keybound_events_total{kind="refused",code="code 0"}')).toBe(2);
  });

  it('knows only its own app', async () => {
    new Metrics().countEvent({ kind: 'refused', code: 'x' });
    expect(await new Metrics().text()).not.toContain('kind="refused"');
  });
});

describe('measuredStore', () => {
  /** Keeps what nobody else can see, as a class of ours does. */
  class Store {
    readonly #answer = 'kept';
    readonly sharing = 'process';
    async find(name: string): Promise<string> {
      if (name === 'away') throw new StoreUnavailableError('away');
      return `${this.#answer} ${name}`;
    }
  }

  it('is the store that it measures, answers and failures alike', async () => {
    const store = measuredStore('test', new Store(), new Metrics());
    expect(store.sharing).toBe('process');
    expect(await store.find('a')).toBe('kept a');
    await expect(store.find('away')).rejects.toThrow(StoreUnavailableError);
    expect(Reflect.get(store, 'then')).toBeUndefined();
  });

  it('calls what takes the place of an operation', async () => {
    const store = measuredStore('test', new Store(), new Metrics());
    expect(await store.find('a')).toBe('kept a');
    store.find = () => Promise.resolve('other');
    expect(await store.find('a')).toBe('other');
  });
});

/** Of a line of the text format; 0 where there is none. */
function valueOf(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}
