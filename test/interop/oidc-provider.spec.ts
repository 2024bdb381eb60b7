import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientKey, pkce } from '@keybound/testing';
import { Provider } from 'oidc-provider';
import { ProviderMemory } from '../../sample-app/src/demo/provider-memory.js';
import { startSampleApp, type SampleApp } from '../support/running-sample-app.js';
import { formOf, suiteRedirectUri, type Parameters } from '../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../support/wire-answer.js';

const secret = 'differential-'.padEnd(43, 'x');
const metadata = {
  redirect_uris: [suiteRedirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic' as const,
};
const client = { client_id: 'differential', ...metadata };

const asked: Parameters = {
  client_id: client.client_id,
  redirect_uri: suiteRedirectUri,
  response_type: 'code',
  scope: 'openid',
  state: 'state-1',
  code_challenge: pkce.challenge,
  code_challenge_method: 'S256',
};

type AuthorizationCase = readonly [ids: string, name: string, own: Parameters];
type TokenCase = readonly [ids: string, name: string, form: Parameters, password?: string];

const refused: readonly AuthorizationCase[] = [
  ['AS-03', 'an unknown client', { client_id: 'nobody' }],
  ['AS-07', 'no response type', { response_type: undefined }],
  ['AS-10', 'no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
  ['AS-11', 'a plain challenge', { code_challenge_method: 'plain' }],
  ['AS-11', 'a challenge without a method', { code_challenge_method: undefined }],
  ['AS-11', 'a short challenge', { code_challenge: 'short' }],
  ['AS-170', 'prompt=none without a session', { prompt: 'none' }],
  ['AS-170', 'prompt=none with another', { prompt: 'none login' }],
  ['AS-171', 'an age that is no number', { max_age: 'x' }],
  ['AS-174', 'claims that are no object', { claims: '[]' }],
  ['AS-173', 'a hint that is no token', { id_token_hint: 'x' }],
  ['AS-14', 'a registration in passing', { registration: '{}' }],
  ['AS-42', 'a foreign request URI', { request_uri: 'https://client.example/request' }],
];

const refusedGrants: readonly TokenCase[] = [
  ['AS-62', 'no grant type', {}],
  ['AS-78', 'a password', { grant_type: 'password' }],
  ['AS-64', 'an unknown code', { grant_type: 'authorization_code', code: 'x' }],
  ['AS-69', 'an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }],
  ['AS-82', 'a wrong secret', { grant_type: 'refresh_token', refresh_token: 'x' }, 'wrong'],
];

type Difference = readonly [...AuthorizationCase, ours: Seen, theirs: Seen];

/** Where both refuse, each in a way that the specifications leave open. */
const differences: readonly Difference[] = [
  [
    'AS-03',
    'without a client: as an unknown one, or as an incomplete request',
    { client_id: undefined },
    { way: 'page', status: 400, error: 'invalid_client' },
    { way: 'page', status: 400, error: 'invalid_request' },
  ],
  [
    'AS-04',
    'another redirect URI: that code belongs to registration (RFC 7591 §3.2.2)',
    { redirect_uri: 'https://client.example/other' },
    { way: 'page', status: 400, error: 'invalid_request' },
    { way: 'page', status: 400, error: 'invalid_redirect_uri' },
  ],
  [
    'AS-07',
    'an implicit response: in the query, or where its token would have been',
    { response_type: 'token' },
    { way: 'query', status: 303, error: 'unsupported_response_type' },
    { way: 'fragment', status: 303, error: 'unsupported_response_type' },
  ],
  [
    'AS-08',
    'an unknown mode: that code is registered nowhere',
    { response_mode: 'unknown' },
    { way: 'query', status: 303, error: 'invalid_request' },
    { way: 'query', status: 303, error: 'unsupported_response_mode' },
  ],
];

/** What a client makes of an answer. */
interface Seen {
  readonly way: 'page' | 'query' | 'fragment' | 'json';
  readonly status: number;
  readonly error: string | null;
}

/** The same requests to `oidc-provider`, as it is published, and to the sample app. */
describe('oidc-provider and the sample app', () => {
  let app: SampleApp;
  let peer: Server;
  let authorization: readonly string[];
  let token: readonly string[];

  beforeAll(async () => {
    const known = { client_id: client.client_id, secrets: [secret], metadata };
    app = await startSampleApp({}, { clients: [known] });
    peer = createServer();
    peer.listen(0, '127.0.0.1');
    await once(peer, 'listening');
    const issuer = `http://127.0.0.1:${String((peer.address() as AddressInfo).port)}`;
    const provider = new Provider(issuer, {
      adapter: () => new ProviderMemory(),
      clients: [{ ...client, client_secret: secret }],
      jwks: { keys: [{ ...clientKey, alg: 'ES256', use: 'sig' }] },
      clientDefaults: { id_token_signed_response_alg: 'ES256' },
      features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
      cookies: { keys: ['for this test only'] },
      pkce: { required: () => true },
      renderError: (context, { error }) => {
        context.type = 'html';
        context.body = `<code>${error}</code>`;
      },
    });
    const handle = provider.callback();
    peer.on('request', (request, response) => void handle(request, response));
    authorization = [`${app.issuer}/authorize`, `${issuer}/auth`];
    token = [`${app.issuer}/token`, `${issuer}/token`];
  });
  afterAll(async () => {
    peer.closeAllConnections();
    peer.close();
    await app.close();
  });

  function authorized(own: Parameters): Promise<Seen[]> {
    const query = formOf({ ...asked, ...own }).toString();
    return Promise.all(authorization.map(async (at) => seenIn(await onTheWire(`${at}?${query}`))));
  }

  it.each(refused)('%s refuse alike: %s', async (_ids, _name, own) => {
    const [ours, theirs] = await authorized(own);
    expect(ours?.error).not.toBeNull();
    expect(ours).toEqual(theirs);
  });

  it.each(refusedGrants)('%s refuse alike: %s', async (_ids, _name, form, password = secret) => {
    const credentials = Buffer.from(`${client.client_id}:${password}`).toString('base64');
    const init = { method: 'POST', headers: { authorization: `Basic ${credentials}` } };
    const send = async (at: string) => seenIn(await onTheWire(at, { ...init, body: formOf(form) }));
    const [ours, theirs] = await Promise.all(token.map(send));
    expect(ours?.error).not.toBeNull();
    expect(ours).toEqual(theirs);
  });

  it.each(differences)('%s refuse in two ways %s', async (_ids, _name, own, ours, theirs) => {
    expect(await authorized(own)).toEqual([ours, theirs]);
  });
});

function seenIn({ status, headers, body }: WireAnswer): Seen {
  const location = headers.get('location');
  if (location?.startsWith(suiteRedirectUri) === true) {
    const { searchParams, hash } = new URL(location);
    const way = hash === '' ? 'query' : 'fragment';
    const sent = way === 'query' ? searchParams : new URLSearchParams(hash.slice(1));
    return { way, status, error: sent.get('error') };
  }
  if (headers.get('content-type')?.startsWith('text/html') === true) {
    return { way: 'page', status, error: /<code>(\w+)<\/code>/.exec(body)?.[1] ?? null };
  }
  const { error = null } = JSON.parse(body) as { readonly error?: string };
  return { way: 'json', status, error };
}
