import { otherKey, textIn } from '@keybound/testing';
import type { SuiteClient } from '../../support/suite-client.js';
import { onTheWire } from '../../support/wire-answer.js';
import { startSuite } from '../modules/suite.js';
import { basic, guessing, posted, type Attempts } from './attempt.js';

const offline = { scope: 'openid offline_access', prompt: 'consent' };

export const tokenAttempts: Attempts = {
  'no grant_type': async ({ first }) => first.redeem(await first.code(), { grant_type: undefined }),
  'grant_type unknown': async ({ first }) =>
    Promise.all(
      ['password', 'implicit', 'constructor', 'urn:example:unknown'].map((grant_type) =>
        first.redeem('any', { grant_type }),
      ),
    ),
  'grant_type not registered for the client': ({ first }) =>
    first.post('/token', { grant_type: 'client_credentials' }),
  'repeated parameter': async (suite) => {
    const { first } = suite;
    const form = `grant_type=authorization_code&code=${await first.code()}&code_verifier=${first.verifier}`;
    const headers = { authorization: basic };
    return Promise.all(
      ['&code=x', '&grant_type=authorization_code'].map((more) =>
        posted(suite, '/token', form + more, headers),
      ),
    );
  },
  'content type not form': (suite) =>
    Promise.all(
      ['application/json', 'text/plain', 'multipart/form-data; boundary=x'].map((type) =>
        posted(suite, '/token', 'grant_type=refresh_token', { 'content-type': type }),
      ),
    ),
  'two client authentication methods': (suite) => {
    const both = 'grant_type=refresh_token&refresh_token=x&client_id=first&client_secret=x';
    return posted(suite, '/token', both, { authorization: basic });
  },
  'client unknown or credentials wrong': (suite) =>
    Promise.all(
      ['client_id=nobody', 'client_id=first', 'client_id=posting&client_secret=wrong'].map((who) =>
        posted(suite, '/token', `grant_type=authorization_code&code=x&${who}`),
      ),
    ),
  'the same with an Authorization header': (suite) => guessing(suite).redeem('any'),
  'code unknown, expired, used, other client, other redirect_uri': async (suite) => {
    const { first, second, clock } = suite;
    const used = await first.code();
    await first.redeem(used);
    const other = second.with({ verifier: first.verifier });
    const outcomes = [
      await first.redeem('unknown'),
      await first.redeem(used),
      await other.redeem(await first.code()),
      await first.redeem(await first.code(), { redirect_uri: 'https://client.example/cb2' }),
    ];
    const expired = await first.code();
    clock.advance(61);
    return [...outcomes, await first.redeem(expired)];
  },
  'code_verifier missing or wrong': async ({ first }) => [
    await first.redeem(await first.code(), { code_verifier: undefined }),
    await first.redeem(await first.code(), { code_verifier: 'x'.repeat(43) }),
  ],
  'code_verifier syntax': async ({ first }) => [
    await first.redeem(await first.code(), { code_verifier: 'x'.repeat(42) }),
    await first.redeem(await first.code(), { code_verifier: 'x'.repeat(129) }),
    await first.redeem(await first.code(), { code_verifier: `${'x'.repeat(43)}+` }),
  ],
  'refresh_token unknown, expired, revoked, other client, other key': async (suite) => {
    const { first, second, clock } = suite;
    const token = await refreshToken(first);
    const outcomes = [await first.refresh('unknown'), await second.refresh(token)];
    await first.post('/revoke', { token });
    outcomes.push(await first.refresh(token));
    const bound = await refreshToken(suite.open);
    outcomes.push(await suite.open.with({ dpopKey: otherKey }).refresh(bound));
    const expired = await refreshToken(first);
    clock.advance(14 * 86_400 + 1);
    return [...outcomes, await first.refresh(expired)];
  },
  'scope wider than granted': async ({ first }) =>
    first.refresh(await refreshToken(first), { scope: 'openid profile' }),
  'resource not granted': async ({ first }) =>
    first.redeem(await first.code(), { resource: 'https://other.example' }),
  'DPoP proof bad': async ({ signing }) => {
    const code = await signing.code();
    return [
      await signing.redeem(code, {}, { htm: 'GET' }),
      await signing.redeem(code, {}, { htu: 'https://other.example/token' }),
      await signing.redeem(code, {}, { iat: 1 }),
      await signing.redeem(code, {}, { jti: undefined }),
    ];
  },
  'DPoP nonce missing or stale': async () => {
    const demanding = await startSuite({ SERVER_NONCES: 'required' });
    const { signing } = demanding;
    const code = await signing.code();
    const outcomes = [await signing.redeem(code), await signing.redeem(code, {}, { nonce: 'x' })];
    await demanding.close();
    return outcomes;
  },
  'sender constraint required, none offered': async ({ signing }) =>
    signing.withoutProof().redeem(await signing.code()),
  'method other than POST (or OPTIONS)': ({ app }) =>
    Promise.all(
      ['GET', 'PUT', 'DELETE'].map((method) => onTheWire(`${app.issuer}/token`, { method })),
    ),
};

async function refreshToken(client: SuiteClient): Promise<string> {
  return textIn(await client.tokens(client.request(offline)), 'refresh_token');
}
