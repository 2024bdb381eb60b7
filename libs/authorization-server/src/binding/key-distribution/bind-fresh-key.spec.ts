import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  accept,
  ConfigurationError,
  decryptionKeysFrom,
  InMemoryReplayStore,
  type JsonObject,
} from '@keybound/core';
import { baseline, buildPopResource, popDemand } from '@keybound/pop';
import {
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  publicPart,
  refreshForm,
  savedCode,
  requestView,
  scene,
  T0,
  testServer,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { parseParameters } from '../../endpoint/parse-parameters.js';
import type { AuthorizationServerOptions } from '../../server/options.schema.js';
import { bindFreshKey } from './bind-fresh-key.js';
import { keyDistributionPolicy } from './key-distribution-policy.js';

const shown = JSON.stringify(publicPart(clientKey));

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encryptionKey = { ...publicKey.export({ format: 'jwk' }), kid: 'rs-enc-1' } as JsonObject;
const decryptionKey = { ...privateKey.export({ format: 'jwk' }), kid: 'rs-enc-1' } as JsonObject;
const resource = { resource: scene.resource, scopes: ['api:read'], encryptionKey };
const files = 'urn:example:files';
const mac = { token_type: 'pop', alg: 'HS256', aud: scene.resource };
const fresh07 = { token_type: 'pop', resource: scene.resource };

function server(own: Partial<AuthorizationServerOptions> = {}): Promise<TestServer> {
  return testServer({
    clients: undemandingClients,
    keyDistribution: { symmetric: true },
    resources: [resource, { resource: files }],
    ...own,
  });
}

/** A client asks for a token of its own. */
async function ask(form: Form, to?: TestServer): Promise<TestAnswer> {
  const credentials = { ...(await assertionForm()), grant_type: 'client_credentials' };
  return (to ?? (await server())).send(await tokenRequest({ ...credentials, ...form }));
}

/** A user's client redeems a code. */
async function redeem(to: TestServer, own: Form): Promise<TestAnswer> {
  const code = await savedCode(to.stores.grants);
  return to.send(await tokenRequest(codeForm(code, own)));
}

/** A member of the answer that is text. */
function textOf({ json }: Pick<TestAnswer, 'json'>, member: string): string {
  const value = json[member];
  return typeof value === 'string' ? value : '';
}

const cnfIn = ({ json }: TestAnswer) => claimsIn(json['access_token'])['cnf'];

/** What the client is told. */
const keyIn = (answer: TestAnswer) => JSON.parse(textOf(answer, 'key')) as { readonly k: string };

/** What the resource finds in the token. */
async function keyInside(answer: TestAnswer): Promise<unknown> {
  const { jwe } = cnfIn(answer) as { readonly jwe: string };
  const plaintext = await decryptionKeysFrom([decryptionKey]).decrypt(jwe);
  if (!plaintext.ok) throw new Error(plaintext.failure.step);
  return JSON.parse(Buffer.from(plaintext.value).toString());
}

describe('keys that the server makes', () => {
  it('KD-08 KD-09 hands out, as text, in the words of -01, what only the resource reads in the token', async () => {
    const answer = await ask(mac);
    expect(answer.json).toMatchObject({ token_type: 'pop', alg: 'HS256' });
    expect(answer.json).not.toHaveProperty('cnf');
    const key = keyIn(answer);
    expect(key).toMatchObject({ kty: 'oct', alg: 'HS256' });
    expect(Buffer.from(key.k, 'base64url')).toHaveLength(32);
    expect(await keyInside(answer)).toEqual(key);
    expect(cnfIn(answer)).toEqual({ jwe: expect.any(String) });
  });

  it('KD-08 KD-09 hands it out as a confirmation in the words of -07', async () => {
    const answer = await ask(fresh07);
    expect(answer.json).not.toHaveProperty('key');
    expect(answer.json).not.toHaveProperty('alg');
    expect(answer.json['cnf']).toEqual({ jwk: await keyInside(answer) });
  });

  it('KD-08 makes another key each time', async () => {
    const [one, two] = [await ask(mac), await ask(mac)];
    expect(await keyInside(one)).not.toEqual(await keyInside(two));
  });

  it('KD-08 makes no key for a client that brings its own', async () => {
    expect((await ask({ ...mac, key: shown })).json['error']).toBe('unsupported_pop_key');
    const own = await ask({ ...mac, alg: 'HS256 ES256', key: shown });
    expect(own.json).toMatchObject({ alg: 'ES256' });
    expect(own.json).not.toHaveProperty('key');
  });

  it.each([
    ['KD-06', 'public algorithms without a key', { ...mac, alg: 'ES256' }, 'invalid_request'],
    ['KD-06', 'another MAC', { ...mac, alg: 'HS512' }, 'invalid_request'],
    ['KD-12', 'no resource, as -01', { ...mac, aud: undefined }, 'invalid_target'],
    ['KD-12', 'no resource, as -07', { token_type: 'pop' }, 'invalid_target'],
    ['KD-09', 'a resource that could not read it', { ...mac, aud: files }, 'invalid_target'],
    ['KD-09', 'the server itself', { ...mac, aud: scene.issuer }, 'invalid_target'],
  ])('%s refuses %s', async (id, _flaw, form, error) => {
    const to = await server();
    const answer = await ask(form, to);
    expect(to.audit.events.at(-1)?.requirement).toBe(id);
    expect({ status: answer.status, error: answer.json['error'] }).toEqual({ status: 400, error });
    expect(answer.json).not.toHaveProperty('key');
  });

  it('KD-22 refuses several resources, here and before', async () => {
    const several = { ...fresh07, resource: [scene.resource, files] };
    expect((await ask(several)).json['error']).toBe('invalid_target');
    const parameters = parseParameters(`resource=${scene.resource}`);
    if (!parameters.ok) throw new Error(parameters.failure.code);
    const policy = keyDistributionPolicy(
      { dialects: ['kd-07'], requireKeyProof: [], algorithms: ['ES256'], symmetric: true },
      [{ ...resource, accessTokens: 'jwt', firstParty: false }],
    );
    const bind = (...audiences: string[]) =>
      bindFreshKey('kd-07', { parameters: parameters.value }, { audiences }, policy);
    expect(await bind(scene.resource)).toMatchObject({ ok: true });
    for (const audiences of [[], [scene.resource, scene.resource]]) {
      expect(await bind(...audiences)).toMatchObject({
        failure: { requirement: 'KD-22', error: 'invalid_target' },
      });
    }
  });

  it('KD-16 refuses a proof of a key where the server is to make one', async () => {
    const to = await server();
    const form = { ...(await assertionForm()), grant_type: 'client_credentials', ...mac };
    const answer = await to.send(await tokenRequest(form, { proofBy: clientKey }));
    expect(answer.json['error']).toBe('invalid_dpop_proof');
  });

  it('KD-22 makes the token for the scopes of that resource alone', async () => {
    const answer = await ask({ ...mac, scope: 'api:read api:write' });
    expect(claimsIn(answer.json['access_token'])).toMatchObject({
      aud: scene.resource,
      scope: 'api:read',
    });
  });

  it.each([
    [
      'KD-09',
      'no resource with an encryption key',
      [{ resource: scene.resource }],
      /encryptionKey/,
    ],
    [
      'KD-09',
      'a private encryption key',
      [{ ...resource, encryptionKey: decryptionKey }],
      /private member/,
    ],
    [
      'KD-22',
      'a resource whose scopes are not listed',
      [{ resource: scene.resource, encryptionKey }],
      /few scopes/,
    ],
  ])('%s does not start with %s', async (_id, _flaw, resources, message) => {
    const started = server({ resources });
    await expect(started).rejects.toThrow(message);
    await expect(started).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('KD-08 KD-21 makes a fresh key for a refresh that asks for one, and keeps the old one else', async () => {
    const to = await server({ defaultAudiences: [scene.resource] });
    const first = await redeem(to, mac);
    const refresh = async (before: TestAnswer, own: Form) =>
      to.send(await tokenRequest(refreshForm(textOf(before, 'refresh_token'), own)));
    const kept = await refresh(first, {});
    expect(cnfIn(kept)).toEqual(cnfIn(first));
    expect(kept.json['token_type']).toBe('pop');
    const renewed = await refresh(kept, mac);
    expect(await keyInside(renewed)).toEqual(keyIn(renewed));
    expect(await keyInside(renewed)).not.toEqual(await keyInside(first));
  });

  it('KD-09 leaves no trace of the key in what is stored or told', async () => {
    const to = await server({ defaultAudiences: [scene.resource] });
    const answer = await redeem(to, mac);
    const { k } = keyIn(answer);
    expect(JSON.stringify(to.audit.events)).not.toContain(k);
    expect(JSON.stringify(claimsIn(answer.json['access_token']))).not.toContain(k);
  });

  it('KD-08 CNF-06 CNF-10 is the key under which the resource takes requests', async () => {
    const to = await server();
    const answer = await ask(mac, to);
    const { verifier } = await buildPopResource({
      preset: 'baseline',
      deployment: 'development',
      resource: scene.resource,
      publicBaseUrl: scene.resource,
      issuers: [{ issuer: scene.issuer, keys: to.server.keys }],
      replay: { store: new InMemoryReplayStore() },
      signedHttpRequest: {
        ...baseline.signedHttpRequest,
        symmetricKeys: { decryptionKeys: [decryptionKey] },
      },
      clock: to.clock,
      audit: to.audit,
    });
    const token = textOf(answer, 'access_token');
    const signed = macRequest(token, keyIn(answer).k);
    const send = async (authorization: string) =>
      verifier.verify(accept(requestView({ headers: { authorization } })), popDemand.parse({}));
    expect(await send(`PoP ${signed}`)).toMatchObject({ admitted: true });
    expect(await send(`PoP ${signed}`)).toMatchObject({ rejection: { code: 'shr.replayed' } });
    expect(await send(`PoP ${macRequest(token, keyIn(await ask(mac, to)).k)}`)).toMatchObject({
      rejection: { code: 'shr.signature' },
    });
    expect(await send(`Bearer ${token}`)).toMatchObject({ admitted: false });
  });
});

/** A signed HTTP request under a symmetric key. */
function macRequest(at: string, k: string): string {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { at, ts: T0, m: 'GET', u: 'api.example.com', p: '/orders', nonce: 'n-1' };
  const input = `${segment({ alg: 'HS256', typ: 'pop' })}.${segment(payload)}`;
  const mac = createHmac('sha256', Buffer.from(k, 'base64url')).update(input);
  return `${input}.${mac.digest('base64url')}`;
}
