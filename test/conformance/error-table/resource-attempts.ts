import { textIn } from '@keybound/testing';
import { onTheWire } from '../../support/wire-answer.js';
import type { Suite } from '../modules/suite.js';
import { guessing, posted, type Attempts } from './attempt.js';

export const revocationAttempts: Attempts = {
  'any token value, known or not': async ({ first }) => {
    const tokens = await first.tokens();
    const values = [textIn(tokens, 'access_token'), 'unknown', 'a.b.c', '\u00e9'];
    return Promise.all(values.map((token) => first.post('/revoke', { token })));
  },
  'token of another client': async ({ first, second, app }) => {
    const token = textIn(await first.tokens(), 'access_token');
    const answer = await second.post('/revoke', { token });
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await onTheWire(`${app.issuer}/userinfo`, { headers });
    if (status !== 200) throw new Error('It was revoked.');
    return answer;
  },
  'token missing': ({ first }) => first.post('/revoke', {}),
  'client authentication failed': (suite) => guessing(suite).post('/revoke', { token: 'x' }),
};

export const introspectionAttempts: Attempts = {
  'unknown, expired, revoked, or not for this caller': async ({ first, second, clock }) => {
    const asked = async (token: string, by = first) => by.post('/introspect', { token });
    const [mine, dead, old] = [await first.tokens(), await first.tokens(), await first.tokens()];
    await first.post('/revoke', { token: textIn(dead, 'access_token') });
    const outcomes = [
      await asked('unknown'),
      await asked(textIn(dead, 'access_token')),
      await asked(textIn(mine, 'access_token'), second),
    ];
    clock.advance(301);
    return [...outcomes, await asked(textIn(old, 'access_token'))];
  },
  'no caller authentication': (suite) => posted(suite, '/introspect', 'token=x'),
  'token missing': ({ first }) => first.post('/introspect', {}),
};

export const userInfoAttempts: Attempts = {
  'no credentials': (suite) => asked(suite, {}),
  'token bad': (suite) => asked(suite, { authorization: 'Bearer a.b.c' }),
  'no openid scope': async (suite) => {
    const { first } = suite;
    const tokens = await first.tokens(first.request({ scope: 'profile' }));
    return asked(suite, { authorization: `Bearer ${textIn(tokens, 'access_token')}` });
  },
  'two credentials': async (suite) => {
    const token = textIn(await suite.first.tokens(), 'access_token');
    const form = new URLSearchParams({ access_token: token });
    return posted(suite, '/userinfo', form.toString(), { authorization: `Bearer ${token}` });
  },
};

export const registrationAttempts: Attempts = {
  success: ({ register }) => register({}),
  'redirect_uris bad': ({ register }) =>
    Promise.all(
      ['https://a.example/#b', 'http://a.example/cb', 'javascript:alert(1)', 'cb'].map((uri) =>
        register({ redirect_uris: [uri] }),
      ),
    ),
  'other metadata bad': ({ register }) =>
    Promise.all(
      [
        { token_endpoint_auth_method: 'client_secret_jwt' },
        { grant_types: ['password'] },
        { jwks_uri: 'http://client.example/jwks' },
        { initiate_login_uri: 'http://client.example/login' },
        { id_token_encrypted_response_alg: 'RSA-OAEP' },
      ].map(register),
    ),
  'software statement bad': ({ register }) => register({ software_statement: 'a.b.c' }),
};

export const managementAttempts: Attempts = {
  'client gone or token bad': async (suite) => {
    const { uri, token } = await managed(suite);
    const bad = await onTheWire(uri, { headers: { authorization: 'Bearer bad' } });
    await onTheWire(uri, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    return [bad, await onTheWire(uri, { headers: { authorization: `Bearer ${token}` } })];
  },
  DELETE: async (suite) => {
    const { uri, token } = await managed(suite);
    return onTheWire(uri, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  },
  'method not supported': async (suite) => {
    const { uri, token } = await managed(suite);
    return onTheWire(uri, { method: 'PATCH', headers: { authorization: `Bearer ${token}` } });
  },
};

export const documentAttempts: Attempts = {
  jwks: ({ metadata }) => onTheWire(textIn(metadata, 'jwks_uri')),
  metadata: ({ app }) =>
    Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map((name) =>
        onTheWire(`${app.issuer}/.well-known/${name}`),
      ),
    ),
};

function asked({ app }: Suite, headers: Readonly<Record<string, string>>) {
  return onTheWire(`${app.issuer}/userinfo`, { headers });
}

async function managed({ register }: Suite) {
  const { json } = await register({});
  const uri = textIn(json, 'registration_client_uri');
  return { uri, token: textIn(json, 'registration_access_token') };
}
