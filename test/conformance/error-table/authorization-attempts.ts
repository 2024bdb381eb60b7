import { suiteUser } from '../../support/suite-user.js';
import type { Parameters } from '../../support/suite-client.js';
import { onTheWire } from '../../support/wire-answer.js';
import { open } from '../modules/pushed-modules.js';
import type { Suite } from '../modules/suite.js';
import { endOf, guessing, posted, type Attempt, type Attempts, type Outcome } from './attempt.js';

const asking =
  (own: Parameters): Attempt =>
  ({ first }) =>
    first.ask(first.request(own));

export const authorizationAttempts: Attempts = {
  'unknown or malformed client_id': ({ first }) =>
    Promise.all(
      ['nobody', '', '../first', 'x'.repeat(300)].map((id) =>
        first.ask(first.request({ client_id: id })),
      ),
    ),
  'redirect_uri missing or not registered': ({ first }) =>
    Promise.all(
      [undefined, 'https://evil.example/', 'javascript:alert(1)'].map((uri) =>
        first.ask(first.request({ redirect_uri: uri })),
      ),
    ),
  'request_uri unknown, expired, used or of another client': async (suite) => {
    const { signing, signing2, clock } = suite;
    const ask = (request_uri: string, { id } = signing) =>
      signing.ask({ client_id: id, request_uri });
    const outcomes = [await ask('urn:ietf:params:oauth:request_uri:unknown')];
    outcomes.push(await ask(await signing.push(), signing2));
    const used = await signing.push();
    await open(signing, used);
    outcomes.push(await ask(used));
    const expired = await signing.push();
    clock.advance(61);
    return [...outcomes, await ask(expired)];
  },
  'repeated parameter (client and redirect_uri fine)': ({ first }) =>
    onTheWire(`${first.authorizationUrl(first.request()).href}&scope=openid`),
  'response_type missing': asking({ response_type: undefined }),
  'response_type other than code': ({ first }) =>
    Promise.all(
      ['token', 'id_token', 'code id_token', 'none'].map((response_type) =>
        first.ask(first.request({ response_type })),
      ),
    ),
  'client not allowed this response_type': ({ machine }) => machine.ask(machine.request()),
  'no code_challenge, or method not S256': ({ signing }) =>
    Promise.all(
      [
        { code_challenge: undefined, code_challenge_method: undefined },
        { code_challenge_method: undefined },
        { code_challenge_method: 'plain' },
        { code_challenge: 'short' },
      ].map((own) => signing.ask(signing.request(own))),
    ),
  'scope unknown in full': asking({ scope: 'bad worse' }),
  'user refuses': ({ first }) =>
    endOf(first, first.request({ prompt: 'consent' }), suiteUser('deny')),
  'prompt=none without session': asking({ prompt: 'none' }),
  'prompt=none, consent needed': async (suite) => {
    const { first } = suite;
    const browser = suiteUser();
    await first.code(first.request(), browser.user);
    const another = await suite.registered({});
    return endOf(another, another.request({ prompt: 'none' }), browser);
  },
  'acr essential and not reachable': ({ first }) => {
    const acr = { essential: true, values: ['urn:example:gold'] };
    const claims = JSON.stringify({ id_token: { acr } });
    return endOf(first, first.request({ claims }), suiteUser());
  },
  'foreign request_uri although not supported': asking({
    request_uri: 'https://client.example/request',
  }),
  'registration parameter (OIDC Core section 7.2.1)': asking({ registration: '{}' }),
  'request object bad': ({ signing }) =>
    Promise.all(
      ['a.b.c', 'x', 'e30.e30.'].map((request) => signing.ask(signing.request({ request }))),
    ),
  'resource unknown': asking({ resource: 'https://unknown.example' }),
  'authorization_details bad': ({ first }) =>
    Promise.all(
      ['{}', '[1]', 'x', '[{"type":"unknown"}]'].map((details) =>
        first.ask(first.request({ authorization_details: details })),
      ),
    ),
  'method other than GET and POST': ({ app }) =>
    Promise.all(
      ['PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) =>
        onTheWire(`${app.issuer}/authorize`, { method }),
      ),
    ),
};

export const pushAttempts: Attempts = {
  success: ({ signing }) => signing.post('/par', signing.request()),
  'client authentication failed': (suite) => guessing(suite).post('/par', suite.first.request()),
  'request_uri parameter present': ({ signing }) =>
    signing.post('/par', signing.request({ request_uri: 'urn:example:1' })),
  'method other than POST': ({ app }) =>
    Promise.all(['GET', 'PUT'].map((method) => onTheWire(`${app.issuer}/par`, { method }))),
  'body too large': (suite) => posted(suite, '/par', `state=${'s'.repeat(65 * 1_024)}`),
  'too many requests': throttled,
  'redirect_uri not registered': ({ signing }) =>
    signing.post('/par', signing.request({ redirect_uri: 'https://evil.example/' })),
};

/** Failed authentications are counted for a minute. AS-91. */
async function throttled(suite: Suite): Promise<Outcome> {
  for (let failed = 0; failed < 200; failed += 1) {
    const answer = await guessing(suite).post('/par', suite.first.request());
    if (answer.status === 401) continue;
    suite.clock.advance(61);
    return answer;
  }
  throw new Error('There is no end to it.');
}
