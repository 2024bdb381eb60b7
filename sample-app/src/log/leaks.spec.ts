import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inMemoryStores, signingKeysFrom } from '@keybound/authorization-server';
import { InMemoryReplayStore, StoreUnavailableError, systemClock } from '@keybound/core';
import { clientKey, dpopProof, issuerKey, otherKey, signerFor } from '@keybound/testing';
import { createHash, randomBytes } from 'node:crypto';
import { freePort } from '../demo/free-port.js';
import { HeadlessUser } from '../demo/headless-user.js';
import { runApp, type RunningApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';

const redirectUri = 'https://client.example/cb';
const formatted = ['json', 'text'] as const;

type Fields = Readonly<Record<string, string>>;

/** A client that does all that it may, and much that it may not, and remembers every secret it saw. */
class Witness {
  readonly secrets = new Set<string>();

  constructor(readonly issuer: string) {}

  /** @returns The secret, kept. */
  keep(secret: string): string {
    this.secrets.add(secret);
    return secret;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    for (const field of answer.headers.getSetCookie()) {
      const [, value = ''] = /^[^=]+=([^;]*)/.exec(field) ?? [];
      if (value !== '') this.keep(value);
    }
    return answer;
  };

  async post(path: string, fields: Fields, headers: Fields = {}): Promise<Record<string, string>> {
    const body = new URLSearchParams(fields);
    const answer = await this.fetch(this.issuer + path, { method: 'POST', body, headers });
    const json = (await answer.json().catch(() => ({}))) as Record<string, string>;
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      if (json[name] !== undefined) this.keep(json[name]);
    }
    return json;
  }

  async register(): Promise<{ readonly client_id: string; readonly client_secret: string }> {
    const answer = await this.fetch(`${this.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      }),
    });
    const { client_id = '', client_secret = '' } = (await answer.json()) as Record<string, string>;
    return { client_id, client_secret: this.keep(client_secret) };
  }

  async code(clientId: string, verifier: string, password: string): Promise<string> {
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile offline_access',
      prompt: 'consent',
      state: 'state-1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const user = new HeadlessUser({ username: 'alice', password: this.keep(password) }, this.fetch);
    const back = await user.authorize(`${this.issuer}/authorize?${query.toString()}`, redirectUri);
    for (const { url } of user.visited) {
      const [, id] = /\/login\/(interaction_[\w-]+)/.exec(url) ?? [];
      if (id !== undefined) this.keep(id);
    }
    return this.keep(back.searchParams.get('code') ?? '');
  }

  async proof(path: string, own: object = {}, token?: string): Promise<string> {
    const htu = this.issuer + path;
    const claims = { htm: 'POST', htu, iat: systemClock.now(), ...own };
    return this.keep(await dpopProof(claims, { key: clientKey }, token));
  }
}

describe.each(formatted)('what the process prints, as %s', (logs) => {
  const stores = inMemoryStores();
  const replay = new InMemoryReplayStore();
  const password = randomBytes(9).toString('base64url');
  const secret = randomBytes(32).toString('base64');
  let app: RunningApp;
  let witness: Witness;
  let printed = '';

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        printed += String(text);
        return true;
      });
    }
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      jest.spyOn(console, level).mockImplementation((...text) => {
        printed += `${text.join(' ')}\n`;
      });
    }
    const port = String(await freePort());
    const issuer = `http://127.0.0.1:${port}`;
    const settings = readSettings({ PORT: port, ISSUER: issuer, KEYBOUND_SECRET: secret });
    const keys = await signingKeysFrom([await signerFor(issuerKey)]);
    app = await runApp({ ...settings, logs }, { stores, replay, keys });
    witness = new Witness(issuer);
    witness.keep(secret);
  });
  afterAll(async () => {
    await app.close();
    jest.restoreAllMocks();
  });

  it('THR-76 OPS-29 holds no secret, whatever it is asked and whatever fails', async () => {
    const verifier = witness.keep(randomBytes(32).toString('base64url'));
    const client = await witness.register();
    const code = await witness.code(client.client_id, verifier, 'wonderland');
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...client };
    const redeem = { ...grant, code_verifier: verifier };

    // What goes well.
    const tokens = await witness.post('/token', redeem, { dpop: await witness.proof('/token') });
    const { access_token: token = '', refresh_token: refresh = '' } = tokens;
    expect(tokens).toMatchObject({ token_type: 'DPoP' });
    const use = { grant_type: 'refresh_token', refresh_token: refresh, ...client };
    const next = await witness.post('/token', use, { dpop: await witness.proof('/token') });
    expect(next).toHaveProperty('refresh_token');
    await witness.post('/introspect', { token, ...client });

    // What is refused.
    await expect(witness.code(client.client_id, verifier, password)).rejects.toThrow('Stuck');
    const wrong = { ...client, client_secret: witness.keep(randomBytes(32).toString('hex')) };
    await witness.post('/token', { ...redeem, ...wrong });
    await witness.post('/token', redeem, { dpop: await witness.proof('/elsewhere') });
    await witness.post('/token', redeem, { dpop: await witness.proof('/token') });
    await witness.post('/token', { ...use, refresh_token: `${refresh}x` });
    for (const path of ['/api/whoami', `/api/${token}`, `/api/whoami?access_token=${token}`]) {
      for (const scheme of ['Bearer', 'DPoP', 'PoP', 'Basic']) {
        const headers = { authorization: `${scheme} ${token}`, dpop: await witness.proof(path) };
        await witness.fetch(witness.issuer + path, { headers });
      }
    }
    const stolen = await dpopProof({ htu: `${witness.issuer}/userinfo` }, { key: otherKey }, token);
    const headers = { authorization: `DPoP ${token}`, dpop: witness.keep(stolen) };
    await witness.fetch(`${witness.issuer}/userinfo`, { headers });
    const cookie = `__Host-session=${witness.keep(randomBytes(20).toString('base64url'))}`;
    await witness.fetch(`${witness.issuer}/login/interaction_x?code=${code}`, {
      headers: { cookie },
    });
    await witness.post('/revoke', { token: refresh, ...client });

    // What breaks, with errors that tell too much.
    const url = `postgres://keybound:${password}@db.example/keybound`;
    replay.claim = () => Promise.reject(new StoreUnavailableError(`connect to ${url}`));
    await witness.post('/token', use, { dpop: await witness.proof('/token') });
    await witness.fetch(`${witness.issuer}/api/whoami`, { headers });
    stores.clients.find = () => Promise.reject(new Error(`find(${JSON.stringify(use)}) at ${url}`));
    await witness.post('/token', use);
    await witness.fetch(`${witness.issuer}/authorize?client_id=${client.client_id}`);
    await witness.fetch(`${witness.issuer}/readyz`);

    const text = printed;
    const told = /dpop\.htu|code\.reused|login\.password|credentials\.|db\.example|clients: /g;
    expect(new Set(text.match(told)).size).toBe(6);
    if (logs === 'json') {
      for (const line of text.trimEnd().split('\n'))
        expect(JSON.parse(line)).toHaveProperty('level');
    }
    expect(witness.secrets.size).toBeGreaterThan(20);
    expect([...witness.secrets].flatMap(piecesOf).filter((piece) => text.includes(piece))).toEqual(
      [],
    );
  });
});

/** Of a secret, without the prefix of its kind: a piece is a leak already. */
function piecesOf(secret: string): readonly string[] {
  const pieceLength = 9;
  const text = secret.replace(/^[a-z]+_/, '');
  const starts = Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, at) => at);
  return starts
    .map((at) => text.slice(at * pieceLength).slice(0, pieceLength))
    .filter((piece) => piece.length > 7);
}
