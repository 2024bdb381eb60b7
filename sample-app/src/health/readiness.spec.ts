import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { inMemoryStores, signingKeysFrom } from '@keybound/authorization-server';
import { StoreUnavailableError, UpstreamError } from '@keybound/core';
import { clientKey, RecordedAudit, signerFor, T0 } from '@keybound/testing';
import type { AppParts } from '../app-parts.js';
import { runApp, type RunningApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';

const reason = 'connect to 10.1.2.3';

/** What all three of them need can be away, and come back. */
class Backing {
  isAway = false;

  answer<Value>(value: Value, fault: Error = new StoreUnavailableError(reason)): Promise<Value> {
    return this.isAway ? Promise.reject(fault) : Promise.resolve(value);
  }
}

const holderIsAway = new UpstreamError(reason);

const backed: readonly (readonly [string, (backing: Backing) => Promise<Partial<AppParts>>])[] = [
  [
    'database',
    async (backing) => ({
      services: [{ name: 'database', check: () => backing.answer(undefined) }],
    }),
  ],
  [
    'clients',
    async (backing) => {
      const stores = inMemoryStores();
      stores.clients.find = () => backing.answer(undefined);
      return { stores };
    },
  ],
  [
    'ES256 key',
    async (backing) => {
      const keys = await signingKeysFrom([await signerFor(clientKey)]);
      const current = await keys.current('ES256', T0);
      return { keys: { ...keys, current: () => backing.answer(current, holderIsAway) } };
    },
  ],
];

describe.each(['express', 'fastify'])('health on %s', (adapter) => {
  const audit = new RecordedAudit();
  let app: RunningApp;
  afterEach(() => app.close());

  async function start(
    parts: Partial<AppParts>,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<(path: string) => Promise<object>> {
    const settings = { ...readSettings({ HTTP_ADAPTER: adapter, ...variables }), port: 0 };
    const keys = await signingKeysFrom([await signerFor(clientKey)]);
    app = await runApp(settings, { audit, keys, ...parts });
    audit.events.length = 0;
    return async (path) => {
      const answer = await fetch(app.address + path);
      const cache = answer.headers.get('cache-control');
      return { status: answer.status, cache, body: await answer.json() };
    };
  }

  const ok = { status: 200, cache: 'no-store', body: { status: 'ok' } };
  const notReady = { status: 503, cache: 'no-store', body: { error: 'temporarily_unavailable' } };

  it.each(backed)(
    'THR-66 is ready while what it needs answers, and tells the operator alone who does not: %s',
    async (name, partsOn) => {
      const backing = new Backing();
      const ask = await start(await partsOn(backing));
      expect(await ask('/readyz')).toEqual(ok);
      expect(audit.events).toEqual([]);
      backing.isAway = true;
      expect(await ask('/readyz')).toEqual(notReady);
      expect(audit.events).toMatchObject([{ kind: 'fault', actual: `${name}: ${reason}` }]);
      expect(await ask('/healthz')).toEqual(ok);
      backing.isAway = false;
      expect(await ask('/readyz')).toEqual(ok);
    },
  );

  it('THR-66 waits for stores as long as they do, and a second longer', async () => {
    const ask = await start({}, { STORE_TIMEOUT: '30000' });
    const patience = jest.spyOn(AbortSignal, 'timeout');
    expect(await ask('/readyz')).toEqual(ok);
    expect(new Set(patience.mock.calls.flat())).toEqual(new Set([31_000]));
    patience.mockRestore();
  });
});
