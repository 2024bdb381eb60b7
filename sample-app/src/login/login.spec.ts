import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inMemoryStores } from '@keybound/authorization-server';
import { StoreUnavailableError } from '@keybound/core';
import { RecordedAudit, SettableClock } from '@keybound/testing';
import { runApp, type RunningApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';

const issuer = 'http://localhost:3000';
const callback = 'https://client.example/cb?x=1';
const formType = 'application/x-www-form-urlencoded';
const manyFields = Array.from({ length: 60 }, (_, at) => `field${at}=1`).join('&');

/** Keeps cookies, and follows nothing. */
class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly app: RunningApp) {}

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie !== '') headers.set('cookie', cookie);
    const url = this.app.address + path.replace(issuer, '');
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const field of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(field) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }

  post(path: string, fields: Record<string, string>): Promise<Response> {
    return this.send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  authorize(own: Record<string, string> = {}): Promise<Response> {
    const query = new URLSearchParams({
      client_id: 'web',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid profile email',
      state: 'state-1',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...own,
    });
    return this.send(`/authorize?${query.toString()}`);
  }

  /** @returns The path of the page that a request leads to. */
  async begin(own: Record<string, string> = {}): Promise<string> {
    const answer = await this.authorize({ prompt: 'consent', ...own });
    const location = locationOf(answer);
    expect(location).toContain('/login/interaction_');
    return location.replace(issuer, '');
  }

  async csrf(path: string): Promise<string> {
    const html = await (await this.send(path)).text();
    return /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  }

  /** Types a name and a password into a page. */
  async logIn(path: string, username = 'alice', password = 'wonderland'): Promise<Response> {
    return this.post(path, { csrf: await this.csrf(path), username, password });
  }

  async decide(path: string, fields: Record<string, string>): Promise<Response> {
    return this.post(`${path}/decision`, { csrf: await this.csrf(path), ...fields });
  }
}

const locationOf = (answer: Response) => answer.headers.get('location') ?? '';
const saidIn = (answer: Response) => Object.fromEntries(new URL(locationOf(answer)).searchParams);

describe.each(['express', 'fastify'])('the login pages on %s', (adapter) => {
  const audit = new RecordedAudit();
  const stores = inMemoryStores();
  const clock = new SettableClock();
  let app: RunningApp;

  beforeAll(async () => {
    const clients = [
      {
        client_id: 'web',
        metadata: {
          redirect_uris: [callback],
          token_endpoint_auth_method: 'none',
          client_name: `<img src=x onerror="alert('1')">`,
          policy_uri: 'https://client.example/policy?a=1&b=2',
          tos_uri: 'https://client.example/tos',
        },
      },
    ];
    const settings = { ...readSettings({ HTTP_ADAPTER: adapter }), port: 0 };
    app = await runApp(settings, { stores, clock, audit, clients });
  });
  afterAll(() => app.close());

  const newBrowser = () => new Browser(app);

  describe('from the request to the code', () => {
    it('AS-20 AS-15 THR-86 log a user in, ask for consent, and lead back, by 303 only', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const loggedIn = await browser.logIn(page);
      expect([loggedIn.status, locationOf(loggedIn)]).toEqual([303, issuer + page]);
      const allowed = await browser.decide(page, { decision: 'allow' });
      expect([allowed.status, locationOf(allowed)]).toEqual([
        303,
        expect.stringContaining(`${issuer}/authorize/return?`),
      ]);
      const back = await browser.send(locationOf(allowed));
      expect(back.status).toBe(303);
      expect(saidIn(back)).toEqual({
        x: '1',
        code: expect.stringMatching(/^code_/),
        state: 'state-1',
        iss: issuer,
      });
      expect([...browser.cookies.keys()].sort()).toEqual([
        expect.stringMatching(/^__Host-keybound-browser-[\w-]{16}$/),
        '__Host-keybound-session',
      ]);
    });

    it('AS-25 show nothing to a user who allowed the same before', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      await browser.logIn(page);
      await browser.send(locationOf(await browser.decide(page, { decision: 'allow' })));
      expect(saidIn(await browser.authorize())).toMatchObject({ code: expect.any(String) });
      const again = await browser.begin();
      expect(await (await browser.send(again)).text()).toContain('name="decision"');
    });

    it.each([
      ['at consent', { decision: 'deny' }],
      ['at the password', { cancel: '1' }],
    ])('AS-23 tell the client that the user refused %s', async (_name, fields) => {
      const browser = newBrowser();
      const page = await browser.begin();
      if ('decision' in fields) await browser.logIn(page);
      const refused = await browser.decide(page, fields);
      const said = saidIn(await browser.send(locationOf(refused)));
      expect(said).toEqual({ x: '1', error: 'access_denied', state: 'state-1', iss: issuer });
    });

    it('AS-256 grant less where the user leaves something out', async () => {
      const browser = newBrowser();
      const page = await browser.begin({ scope: 'openid profile email phone' });
      await browser.logIn(page, 'bob', 'builder');
      const fields = { decision: 'allow', 'without.email': '1', 'without.openid': '1' };
      await browser.send(locationOf(await browser.decide(page, fields)));
      const [grant] = await stores.grants.listGrants('bob', clock.now());
      expect(grant?.scopes).toEqual(['openid', 'profile', 'phone']);
    });

    it('AS-256 let nobody give away what is not theirs', async () => {
      const browser = newBrowser();
      const page = await browser.begin({ scope: 'openid read admin' });
      await browser.logIn(page);
      expect(await (await browser.send(page)).text()).not.toContain('admin');
      const fields = { decision: 'allow', admin: '1', scope: 'openid read admin' };
      await browser.send(locationOf(await browser.decide(page, fields)));
      const granted = await stores.grants.listGrants('alice', clock.now());
      const scopes = granted.map((grant) => grant.scopes);
      expect(scopes).toContainEqual(['openid', 'read']);
      expect(scopes.flat()).not.toContain('admin');
    });

    it('AS-27 serve two tabs at once', async () => {
      const browser = newBrowser();
      const tabs = [await browser.begin({ state: 'one' }), await browser.begin({ state: 'two' })];
      for (const page of tabs) await browser.logIn(page);
      const states = [];
      for (const page of tabs) {
        const next = await browser.decide(page, { decision: 'allow' });
        states.push(saidIn(await browser.send(locationOf(next)))['state']);
      }
      expect(states).toEqual(['one', 'two']);
    });
  });

  describe('a wrong password', () => {
    it('brings the form again, without saying which of the two was wrong', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const texts = [];
      for (const [username, password] of [
        ['alice', 'builder'],
        ['nobody', 'wonderland'],
        ['__proto__', 'wonderland'],
        ['alice', ''],
        ['', 'wonderland'],
      ] as const) {
        const answer = await browser.logIn(page, username, password);
        expect([answer.status, answer.headers.get('location')]).toEqual([422, null]);
        const text = await answer.text();
        expect(text).toContain('role="alert"');
        texts.push(/<p role="alert"[^>]*>([^<]*)</.exec(text)?.[1]);
      }
      expect(new Set(texts).size).toBe(1);
      expect(browser.cookies.has('__Host-keybound-session')).toBe(false);
      expect((await browser.logIn(page)).status).toBe(303);
    });

    it('THR-39 shows the name that was typed as text', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const answer = await browser.logIn(page, '"><script>alert(1)</script>', 'x');
      const html = await answer.text();
      expect(html).not.toContain('<script');
      expect(html).toContain('value="&quot;&gt;&lt;script&gt;');
    });

    it('THR-86 is any password in a URL', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const query = 'username=alice&password=wonderland';
      const csrf = await browser.csrf(page);
      expect((await browser.post(`${page}?${query}`, { csrf })).status).toBe(422);
    });
  });

  describe('a form', () => {
    it('THR-57 is refused without its token, and changes nothing', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const credentials = { username: 'alice', password: 'wonderland' };
      for (const csrf of [undefined, '', `1.${'A'.repeat(43)}`]) {
        const fields = { ...credentials, ...(csrf !== undefined && { csrf }) };
        expect((await browser.post(page, fields)).status).toBe(403);
        const denied = await browser.post(`${page}/decision`, { ...fields, cancel: '1' });
        expect(denied.status).toBe(403);
      }
      expect((await browser.logIn(page)).status).toBe(303);
    });

    it('THR-57 AS-22 is refused of another browser, as a cross-site form is', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const fields = { csrf: await browser.csrf(page), username: 'alice', password: 'wonderland' };
      const stranger = newBrowser();
      expect((await stranger.post(page, fields)).status).toBe(403);
      expect((await stranger.send(page)).status).toBe(400);
      await stranger.begin();
      expect((await stranger.post(page, fields)).status).toBe(403);
    });

    it('THR-57 that comes twice leads to what is asked now', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const csrf = await browser.csrf(page);
      const fields = { csrf, username: 'alice', password: 'wonderland' };
      for (const _time of [1, 2]) {
        const answer = await browser.post(page, fields);
        expect(answer.status).toBe(303);
        expect(locationOf(answer)).toMatch(new RegExp(`${page}$`));
      }
    });

    it.each([
      ['it is too large', formType, `csrf=${'a'.repeat(9_000)}`, 413],
      ['a field comes twice', formType, 'csrf=a&csrf=b', 400],
      ['it has too many fields', formType, manyFields, 400],
      ['it is JSON', 'application/json', '{"username":"alice"}', 415],
      ['it is plain text', 'text/plain', 'username=alice', 415],
    ])('THR-38 is refused where %s', async (_name, contentType, body, status) => {
      const browser = newBrowser();
      const page = await browser.begin();
      const headers = { 'content-type': contentType };
      const answer = await browser.send(page, { method: 'POST', headers, body });
      expect(answer.status).toBe(status);
    });

    it('INV-1 INV-3 that answers what is not asked yet leads to what is', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      const early = await browser.decide(page, { decision: 'allow' });
      expect([early.status, locationOf(early)]).toEqual([303, page.replace(app.address, '')]);
      expect((await browser.logIn(page)).status).toBe(303);
      expect((await browser.decide(page, { decision: 'allow' })).status).toBe(303);
    });

    it('is refused where it decides nothing', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      await browser.logIn(page);
      expect((await browser.decide(page, { decision: 'maybe' })).status).toBe(400);
      expect((await browser.decide(page, {})).status).toBe(400);
    });

    it('AS-20 of an interaction that nobody began is not found', async () => {
      const browser = newBrowser();
      for (const id of ['x', `interaction_${'A'.repeat(43)}`, '..%2f..%2fapi']) {
        expect((await browser.send(`/login/${id}`)).status).toBe(404);
        expect((await browser.post(`/login/${id}`, { username: 'alice' })).status).toBe(404);
      }
    });
  });

  describe('what a page looks like', () => {
    async function pages(): Promise<Record<string, Response>> {
      const browser = newBrowser();
      const page = await browser.begin();
      return {
        login: await browser.send(page),
        wrong: await browser.logIn(page, 'alice', 'x'),
        forbidden: await browser.post(page, { username: 'alice', password: 'wonderland' }),
        unknown: await browser.send('/login/x'),
        loggedIn: await browser.logIn(page),
        consent: await browser.send(page),
        undecided: await browser.decide(page, {}),
        allowed: await browser.decide(page, { decision: 'allow' }),
      };
    }

    it('AS-16 THR-39 THR-79 THR-86 stands in no frame, runs nothing, is not kept or told of', async () => {
      for (const [name, answer] of Object.entries(await pages())) {
        const { headers } = answer;
        expect([name, headers.get('cache-control')]).toEqual([name, 'no-store']);
        expect([name, headers.get('referrer-policy')]).toEqual([name, 'no-referrer']);
        if (answer.status === 303) continue;
        expect(headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
        expect(headers.get('x-frame-options')).toBe('DENY');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        const policy = headers.get('content-security-policy') ?? '';
        expect(policy).toMatch(
          /^default-src 'none'; style-src 'nonce-[A-Za-z0-9+/]{22}=='; base-uri 'none'; frame-ancestors 'none'$/,
        );
        const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? [];
        const html = await answer.text();
        expect(html).toContain(`<style nonce="${nonce}">`);
        for (const [tag] of html.matchAll(/<[^>]*>/g)) {
          expect(tag).not.toMatch(/^<(script|img)|\s(on\w+|style)=/);
        }
      }
    });

    it('is a page for everybody: language, title, one heading, a label for each field', async () => {
      for (const answer of Object.values(await pages())) {
        if (answer.status === 303) continue;
        const html = await answer.text();
        expect(html).toMatch(/^<!doctype html>\s*<html lang="en">/);
        expect(html).toMatch(/<title>[^<]+<\/title>/);
        expect(html.match(/<h1>/g)).toHaveLength(1);
        expect(html).toContain('<main>');
        const inputs = [...html.matchAll(/<input\s+type="(?!hidden)[^"]*"\s+id="([^"]+)"/g)];
        expect(inputs).toHaveLength(html.match(/<input\b(?![^>]*"hidden")/g)?.length ?? 0);
        for (const [, id = ''] of inputs)
          expect(html).toMatch(new RegExp(`<label for="${id}"\\s*>`));
        if (html.includes('type="password"')) expect(html.match(/\sautofocus/g)).toHaveLength(1);
      }
    });

    it('AS-24 THR-39 names the client as text, where it leads, and its policies', async () => {
      const { login, consent } = await pages();
      for (const answer of [login, consent]) {
        const html = (await answer?.text()) ?? '';
        expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;');
        expect(html).toContain('<strong>client.example</strong>');
        expect(html).not.toContain('Unverified application');
        if (answer === login) continue;
        for (const uri of ['policy?a=1&amp;b=2', 'tos']) {
          expect(html).toContain(
            `<a href="https://client.example/${uri}" target="_blank" rel="noopener noreferrer">`,
          );
        }
        expect(html).toContain('See your e-mail address');
      }
    });

    it('AS-24 warns of a client that registered itself', async () => {
      const browser = newBrowser();
      const registered = await browser.send('/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['https://new.example/cb'],
          token_endpoint_auth_method: 'none',
        }),
      });
      const { client_id } = (await registered.json()) as { client_id: string };
      const page = await browser.begin({ client_id, redirect_uri: 'https://new.example/cb' });
      expect(await (await browser.send(page)).text()).toContain('Unverified application');
      await browser.logIn(page);
      expect(await (await browser.send(page)).text()).toContain('Unverified application');
    });

    it('AS-21 fills in the hint, and moves on to the password', async () => {
      const browser = newBrowser();
      const html = await (await browser.send(await browser.begin({ login_hint: 'bob' }))).text();
      expect(html).toMatch(/name="username"\s+value="bob"/);
      expect(html).toMatch(/name="password"[^>]*\sautofocus/);
    });
  });

  describe('guessing', () => {
    it('is bounded for each user: forty wrong passwords a minute, and a success starts anew', async () => {
      clock.advance(60);
      const browser = newBrowser();
      const page = await browser.begin();
      const guess = () => browser.logIn(page, 'alice', 'wrong');
      for (let time = 0; time < 40; time += 1) expect((await guess()).status).toBe(422);
      const late = await browser.logIn(page);
      expect([late.status, late.headers.get('retry-after')]).toEqual([429, '60']);
      expect(late.headers.get('x-frame-options')).toBe('DENY');
      expect((await browser.logIn(await browser.begin(), 'bob', 'builder')).status).toBe(303);
      clock.advance(60);
      for (let time = 0; time < 39; time += 1) await guess();
      expect((await browser.logIn(page)).status).toBe(303);
      const other = await browser.begin({ prompt: 'login' });
      expect((await browser.logIn(other, 'alice', 'wrong')).status).toBe(422);
      clock.advance(60);
    });

    it('does not stop who knows the password: sixty logins a minute', async () => {
      const statuses = new Set<number>();
      for (let time = 0; time < 60; time += 1) {
        const browser = newBrowser();
        statuses.add((await browser.logIn(await browser.begin())).status);
      }
      expect([...statuses]).toEqual([303]);
      clock.advance(60);
    });

    it('THR-76 is told to the operator without the password, with who asked, and from where', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      audit.events.length = 0;
      await browser.logIn(page, 'alice', 'secret-guess');
      for (let time = 1; time <= 40; time += 1) await browser.logIn(page, 'alice', 'secret-guess');
      const event = {
        kind: 'refused',
        clientId: 'web',
        method: 'POST',
        path: '/login/:id',
        remoteAddress: expect.stringContaining('127.0.0.1'),
      };
      expect(audit.events[0]).toEqual({ ...event, code: 'login.password' });
      expect(audit.events.at(-1)).toEqual({ ...event, code: 'login.too_many' });
      expect(JSON.stringify(audit.events)).not.toMatch(/secret-guess|interaction_/);
      clock.advance(60);
    });

    it('THR-76 tells of a refused page where it was asked for, and of whom as far as it is known', async () => {
      const browser = newBrowser();
      const page = await browser.begin();
      audit.events.length = 0;
      await newBrowser().send(`${page}?x=1`);
      await browser.post(`${page}/decision`, { cancel: '1' });
      const where = { remoteAddress: expect.stringContaining('127.0.0.1') };
      expect(audit.events).toEqual([
        expect.objectContaining({ ...where, method: 'GET', path: '/login/:id' }),
        expect.objectContaining({
          ...where,
          method: 'POST',
          path: '/login/:id/decision',
          clientId: 'web',
        }),
      ]);
      expect(audit.events[0]).not.toHaveProperty('clientId');
    });
  });

  it('INV-3 THR-66 can be answered again when the counters were down', async () => {
    const browser = newBrowser();
    const page = await browser.begin();
    await browser.logIn(page);
    await browser.send(locationOf(await browser.decide(page, { decision: 'allow' })));
    const again = await browser.begin({ prompt: 'login' });
    const down = new StoreUnavailableError('secret');
    jest.spyOn(stores.counters, 'reset').mockRejectedValueOnce(down);
    expect((await browser.logIn(again)).status).toBe(503);
    const back = await browser.send(locationOf(await browser.logIn(again)));
    expect(saidIn(back)).toMatchObject({ code: expect.any(String) });
  });

  it('THR-66 THR-79 is a page, 503, when the store is down', async () => {
    const browser = newBrowser();
    const page = await browser.begin();
    const down = new StoreUnavailableError('secret');
    jest.spyOn(stores.grants, 'findInteraction').mockRejectedValueOnce(down);
    const answer = await browser.send(page);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await answer.text()).not.toContain('secret');
  });
});
