import { findIssuer } from '@keybound/client';
import { PopRelyingParty, type Binding } from '@keybound/client/relying-party';
import { thumbprintOf } from '@keybound/core';
import { anotherKey } from './another-key.js';
import { keyIn } from './claims-in.js';
import { setCodeFlowScene, type CodeFlowScene } from './code-flow-scene.js';
import type { DemoReport } from './demo-report.js';
import { alice, logIn, partyOptions, type LoggedIn } from './logged-in.js';
import { misuseCode } from './misuse-code.js';
import { misuseBoundTokens } from './misuse-bound-tokens.js';
import { msalRequest } from './msal-request.js';
import { symmetricKey } from './symmetric-key.js';

/**
 * Who alice is, where she is known, and what her client may do in her name: by tokens that are bound
 * to the client's key, from WebFinger to the API; then the same in the hands of a thief.
 *
 * @param environment Variables for the app.
 */
export async function codeFlowDemo(
  report: DemoReport,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const scene = await setCodeFlowScene(environment);
  try {
    report.heading('The code flow, with PoP key distribution (kd-01) and signed HTTP requests');
    const loggedIn = await walk(scene, report);
    report.heading('The same token in the hands of a thief');
    await misuseBoundTokens(loggedIn, scene, report);
    report.heading('The code, and the refresh token');
    await misuseCode(scene, report);
    report.heading('Another key for the next token: a confidential client');
    await anotherKey(scene, report);
    report.heading('The same flow in other dialects');
    await repeat('kd-07', 'signed-http-request', scene, report);
    await repeat('dpop', 'dpop', scene, report);
  } finally {
    await scene.close();
  }
  report.heading('A symmetric key, which the authorization server makes (SYMMETRIC_POP=1)');
  await symmetricKey(report, environment);
  report.heading('The requests of MSAL (SHR_PROFILE=microsoft)');
  await msalRequest(report, environment);
}

/** The seed's flow, a step at a time. */
async function walk(scene: CodeFlowScene, report: DemoReport): Promise<LoggedIn> {
  const { app, identifier } = scene;
  const issuer = await findIssuer(identifier, { fetch: scene.fetch, allowHttp: 'loopback' });
  report.step(`WebFinger: who is the issuer of ${identifier}`, issuer, app);

  const party = await PopRelyingParty.register(partyOptions(scene, issuer, 'kd-01'));
  const { issuerMetadata: metadata } = party;
  report.step('Discovery: the metadata is that of this issuer', metadata.issuer, issuer);
  const keys = (await (await scene.fetch(metadata.jwks_uri ?? '')).json()) as {
    readonly keys: readonly { readonly alg: string; readonly d?: string }[];
  };
  const published = keys.keys.map(({ alg, d }) => (d === undefined ? alg : 'private!'));
  report.step('Keys: public, and one for each algorithm', unique(published), 'ES256 RS256');
  report.step('Registration: a public client', typeof party.clientId, 'string');

  const { url, pending } = await party.begin({ scope: 'openid profile' });
  const pushed = [...url.searchParams.keys()].sort().join(' ');
  report.step(
    'Authentication request: pushed, so that the browser',
    pushed,
    'client_id request_uri',
  );
  const callback = await alice().authorize(url, scene.redirectUri);
  const returned = [...callback.searchParams.keys()].sort().join(' ');
  report.step('Login and consent: the browser returns with', returned, 'code iss state');

  const tokens = await party.finish(callback, pending);
  report.step('Token response: of the type that was asked for', tokens.tokenType, 'pop');
  const signer = await scene.keys.keyForResource(issuer, tokens.keyName);
  const key = await thumbprintOf(signer.publicJwk);
  report.step('Access token: bound to the key that was sent', await keyIn(tokens.accessToken), key);

  const { sub, name } = await party.userInfo(tokens);
  report.step(
    'UserInfo, by a signed HTTP request',
    `${String(name)}: ${sub}`,
    `Alice Liddell: ${tokens.subject ?? ''}`,
  );
  await callApi({ party, tokens }, 'signed-http-request', scene, report);
  return { party, tokens };
}

async function repeat(
  binding: Binding,
  method: string,
  scene: CodeFlowScene,
  report: DemoReport,
): Promise<void> {
  const loggedIn = await logIn(scene, binding);
  const { tokenType } = loggedIn.tokens;
  report.step(`${binding}: the type of the token`, tokenType, binding === 'dpop' ? 'DPoP' : 'pop');
  const { sub } = await loggedIn.party.userInfo(loggedIn.tokens);
  report.step(`${binding}: UserInfo tells of`, sub, loggedIn.tokens.subject ?? '');
  await callApi(loggedIn, method, scene, report);
}

async function callApi(
  { party, tokens }: LoggedIn,
  method: string,
  { app }: CodeFlowScene,
  report: DemoReport,
): Promise<void> {
  const apiFetch = await party.fetchWith(tokens, [app]);
  const answer = await apiFetch(`${app}/api/whoami`);
  const told = (await answer.json()) as Record<string, unknown>;
  report.step(
    'The API knows user, client and method',
    JSON.stringify([told['sub'], told['client_id'], told['method']]),
    JSON.stringify([tokens.subject, party.clientId, method]),
  );
}

function unique(names: readonly string[]): string {
  return [...new Set(names)].sort().join(' ');
}
