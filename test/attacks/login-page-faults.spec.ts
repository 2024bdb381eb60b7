import { afterEach, describe, expect, it } from '@jest/globals';
import { FailingStores, type Loss } from '../support/failing-stores.js';
import { startSampleApp, type SampleApp } from '../support/running-sample-app.js';
import { authorizationParameters, form } from '../support/code-flow.js';

const clients = [
  {
    client_id: 'public-1',
    metadata: {
      redirect_uris: ['https://client.example/cb'],
      token_endpoint_auth_method: 'none',
    },
  },
];

/** Keeps cookies, follows nothing. */
class Tab {
  readonly #cookies = new Map<string, string>();

  async open(url: string, fields?: Readonly<Record<string, string>>): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = fields === undefined ? undefined : new URLSearchParams(fields);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body !== undefined && { method: 'POST', body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }
}

const locationOf = (answer: Response) => answer.headers.get('location') ?? '';

interface Step {
  readonly name: string;
  readonly status: number;
  /** What a user who tries again sees, where the answer was lost after this call. */
  readonly lost?: Readonly<Record<string, number>>;
}

const credentials = { username: 'alice', password: 'wonderland' };

const steps = [
  { name: 'the login page', status: 200 },
  { name: 'the form of the login page', status: 303 },
  { name: 'the consent page', status: 200 },
  { name: 'the form of the consent page', status: 303, lost: { 'grants.advanceInteraction': 400 } },
] as const satisfies readonly Step[];

/** Goes through all pages but the last of `upTo`, and returns that one. */
async function before(app: SampleApp, upTo: number): Promise<() => Promise<Response>> {
  const tab = new Tab();
  const begun = await tab.open(`${app.issuer}/authorize?${form(authorizationParameters())}`);
  const page = locationOf(begun);
  const csrf = async () => {
    const [, token = ''] =
      /name="csrf" value="([^"]+)"/.exec(await (await tab.open(page)).text()) ?? [];
    return token;
  };
  const login = { csrf: await csrf(), ...credentials };
  const all = [
    () => tab.open(page),
    () => tab.open(page, login),
    () => tab.open(page),
    () => tab.open(`${page}/decision`, decision),
  ];
  if (upTo > 1) await all[1]?.();
  const decision = { csrf: upTo > 1 ? await csrf() : '', decision: 'allow' };
  const last = all[upTo];
  if (last === undefined) throw new Error('There is no such step.');
  return last;
}

describe.each<Loss>(['before', 'after'])(
  'the login pages, a connection lost %s the store acted',
  (when) => {
    let app: SampleApp | undefined;
    afterEach(async () => app?.close());

    it.each(steps.map((step, at) => [step.name, at, step] as const))(
      'THR-92 THR-66 AS-271 THR-79 are 503 at every call of %s, and a retry goes on',
      async (_name, upTo, step: Step) => {
        const failing = new FailingStores();
        const { stores, replay } = failing;
        app = await startSampleApp({}, { stores, replay, clients });
        const whole = await before(app, upTo);
        failing.watch();
        expect((await whole()).status).toBe(step.status);
        const calls = [...failing.calls];
        expect(calls).toContain('grants.findInteraction');
        for (const [at, call] of calls.entries()) {
          const send = await before(app, upTo);
          failing.watch({ at, when });
          const answer = await send();
          const { headers } = answer;
          expect({ call, status: answer.status, retry: headers.get('retry-after') }).toEqual({
            call,
            status: 503,
            retry: '5',
          });
          expect(headers.get('content-type')).toMatch(/^text\/html/);
          expect(headers.get('x-frame-options')).toBe('DENY');
          expect(headers.getSetCookie()).toEqual([]);
          expect(await answer.text()).not.toMatch(/ECONNRESET|5432|interaction_/);
          failing.watch();
          const lost = when === 'after' ? step.lost?.[call] : undefined;
          const status = lost ?? step.status;
          expect({ call, status: (await send()).status }).toEqual({ call, status });
        }
      },
    );
  },
);
