import {
  generatedSigningKeys,
  type AuthorizationServerOptions,
  type RotatingSigningKeys,
} from '@keybound/authorization-server';
import type { JsonObject } from '@keybound/core';
import { clientKey, otherKey, publicPart, SettableClock, type TestKey } from '@keybound/testing';
import type { AppParts } from '../../../sample-app/src/app-parts.js';
import { byAssertion, byName, bySecret, bySecretInForm } from '../../support/client-credentials.js';
import { documentServer, type DocumentServer } from '../../support/document-server.js';
import { startSampleApp, type SampleApp } from '../../support/running-sample-app.js';
import { SuiteClient, suiteRedirectUri, type Authentication } from '../../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../../support/wire-answer.js';

/** The sample app, under a clock that stands still, and the clients that an operator told it of. */
export interface Suite {
  readonly app: SampleApp;
  readonly clock: SettableClock;
  readonly keys: RotatingSigningKeys;
  readonly metadata: JsonObject;
  /** What clients publish. */
  readonly documents: DocumentServer;
  /** They know no proofs, and need no PKCE: as in plan B. */
  readonly first: SuiteClient;
  readonly second: SuiteClient;
  readonly posting: SuiteClient;
  /** They sign assertions and DPoP proofs: as in the plans for FAPI 2.0. */
  readonly signing: SuiteClient;
  readonly signing2: SuiteClient;
  /** It has to sign its authorization requests as well. */
  readonly signed: SuiteClient;
  /** It cannot keep a secret, but has a key. */
  readonly open: SuiteClient;
  /** It acts for itself alone. */
  readonly machine: SuiteClient;
  readonly register: (metadata: JsonObject) => Promise<WireAnswer>;
  /** Registers a client, as in plan D. @throws Error where it is refused. */
  readonly registered: (metadata: JsonObject) => Promise<SuiteClient>;
  readonly close: () => Promise<void>;
}

/** The secret of a client that has one. */
export const secretOf = (clientId: string) => clientId.padEnd(43, '-');

const code = {
  redirect_uris: [suiteRedirectUri, `${suiteRedirectUri}2`],
  grant_types: ['authorization_code', 'refresh_token'],
};

function secretClient(clientId: string, method: string) {
  return {
    client_id: clientId,
    secrets: [secretOf(clientId)],
    metadata: {
      ...code,
      token_endpoint_auth_method: method,
      dpop_bound_access_tokens: false,
    },
    relaxations: ['optional-pkce' as const],
  };
}

function signingClient(clientId: string, key: TestKey, own: JsonObject = {}) {
  return {
    client_id: clientId,
    metadata: {
      ...code,
      token_endpoint_auth_method: 'private_key_jwt',
      dpop_bound_access_tokens: true,
      id_token_signed_response_alg: 'ES256',
      jwks: { keys: [{ ...publicPart(key), alg: 'ES256', use: 'sig' }] },
      ...own,
    },
  };
}

const clients: NonNullable<AuthorizationServerOptions['clients']> = [
  secretClient('first', 'client_secret_basic'),
  secretClient('second', 'client_secret_basic'),
  secretClient('posting', 'client_secret_post'),
  signingClient('signing', clientKey),
  signingClient('signing-2', otherKey),
  signingClient('signed', clientKey, { require_signed_request_object: true }),
  { client_id: 'open', metadata: { ...code, token_endpoint_auth_method: 'none' } },
  {
    client_id: 'machine',
    secrets: [secretOf('machine')],
    metadata: {
      ...code,
      grant_types: ['client_credentials'],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  },
];

/** @param parts What replaces the app's own. */
export async function startSuite(
  environment: Readonly<Record<string, string>> = {},
  parts: Partial<AppParts> = {},
): Promise<Suite> {
  const clock = new SettableClock();
  const keys = await generatedSigningKeys({ algorithms: ['ES256', 'RS256'], clock });
  const documents = await documentServer();
  const app = await startSampleApp(
    { ALLOW_LOOPBACK_FETCH: '1', ...environment },
    { clock, keys, clients, ...parts },
  );
  const { issuer } = app;
  const now = () => clock.now();
  const client = (id: string, authentication: Authentication, dpopKey?: TestKey) =>
    new SuiteClient(app, { id, authentication, now, ...(dpopKey !== undefined && { dpopKey }) });
  const signed = (clientId: string, key: TestKey) =>
    client(clientId, byAssertion({ clientId, issuer, key, now }), key);
  const register = (metadata: JsonObject) =>
    onTheWire(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...code, ...metadata }),
    });
  return {
    app,
    clock,
    keys,
    documents,
    metadata: (await onTheWire(`${issuer}/.well-known/openid-configuration`)).json,
    first: client('first', bySecret('first', secretOf('first'))),
    second: client('second', bySecret('second', secretOf('second'))),
    posting: client('posting', bySecretInForm('posting', secretOf('posting'))),
    signing: signed('signing', clientKey),
    signing2: signed('signing-2', otherKey),
    signed: signed('signed', clientKey),
    open: client('open', byName('open'), clientKey),
    machine: client('machine', bySecret('machine', secretOf('machine'))),
    register,
    async registered(metadata) {
      const keyed = metadata['jwks_uri'] !== undefined;
      const jwks = { keys: [publicPart(clientKey)] };
      const answer = await register({
        token_endpoint_auth_method: 'private_key_jwt',
        ...(!keyed && { jwks }),
        ...metadata,
      });
      const { client_id: clientId } = answer.json;
      if (typeof clientId !== 'string') throw new Error(`Not registered: ${answer.body}`);
      return client(clientId, byAssertion({ clientId, issuer, key: clientKey, now }));
    },
    async close() {
      await app.close();
      await documents.close();
    },
  };
}
