import { createSigningFetch } from '@keybound/client';
import { thumbprintOf } from '@keybound/core';
import * as openid from 'openid-client';
import type { DemoReport } from './demo-report.js';
import { setDemoScene, type DemoScene } from './demo-scene.js';
import { misuseDpop } from './misuse-dpop.js';
import { misuseSignedRequest } from './misuse-signed-request.js';

/**
 * Strangers to this suite and its own client at the protected API; then the same requests in the
 * hands of a thief.
 */
export async function apiDemo(report: DemoReport): Promise<void> {
  const scene = await setDemoScene();
  try {
    report.heading('An API that takes key-bound tokens only, of an issuer that is not ours');
    const client = await discover(scene);
    const dpopToken = await callWithOpenidClient(client, scene, report);
    const jwkToken = await callWithSigningFetch(client, scene, report);
    report.heading('The same requests in the hands of a thief');
    await misuseDpop(dpopToken, scene, report);
    await misuseSignedRequest(jwkToken, scene, report);
  } finally {
    await scene.close();
  }
}

function discover({ issuer, clientId, clientKeys }: DemoScene): Promise<openid.Configuration> {
  const authentication = openid.PrivateKeyJwt(clientKeys.privateKey);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, on loopback only
  const options = { execute: [openid.allowInsecureRequests] };
  return openid.discovery(new URL(issuer), clientId, undefined, authentication, options);
}

async function callWithOpenidClient(
  client: openid.Configuration,
  { app, clientId, clientKeys, signer }: DemoScene,
  report: DemoReport,
): Promise<string> {
  const DPoP = openid.getDPoPHandle(client, clientKeys);
  const asked = { resource: `${app}/api` };
  const { access_token: token } = await openid.clientCredentialsGrant(client, asked, { DPoP });
  const url = new URL('/api/whoami', app);
  const none = undefined;
  const answer = await openid.fetchProtectedResource(client, token, url, 'GET', none, none, {
    DPoP,
  });
  const { sub, method, cnf } = (await answer.json()) as Record<string, unknown>;
  report.step(
    'openid-client, with a DPoP token of oidc-provider, GET /api/whoami',
    JSON.stringify([answer.status, sub, method, cnf]),
    JSON.stringify([200, clientId, 'dpop', { jkt: await thumbprintOf(signer.publicJwk) }]),
  );
  return token;
}

async function callWithSigningFetch(
  client: openid.Configuration,
  { app, signer }: DemoScene,
  report: DemoReport,
): Promise<string> {
  const asked = { resource: `${app}/api` };
  const { access_token: accessToken } = await openid.clientCredentialsGrant(client, asked);
  const method = 'signed-http-request';
  const signingFetch = createSigningFetch({ method, signer, accessToken, fetch, origins: [app] });
  const answer = await signingFetch(`${app}/api/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ amount: 1 }),
  });
  report.step(
    '@keybound/client, with a token bound by cnf.jwk, signs POST /api/echo and its content',
    JSON.stringify([answer.status, await answer.json()]),
    JSON.stringify([200, { amount: 1 }]),
  );
  return accessToken;
}
