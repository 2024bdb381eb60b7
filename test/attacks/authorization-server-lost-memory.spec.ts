import { describe, expect, it } from '@jest/globals';
import { signCompactJws } from '@keybound/core';
import {
  assertionForm,
  clientKey,
  codeForm,
  dpopProof,
  pkce,
  savedCode,
  scene,
  signerFor,
  T0,
  testServer,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestServer,
} from '@keybound/testing';
import { ForgetfulStore } from '../support/forgetful-store.js';

const wrongOf = (kind: string, since: number) => ({
  kind: 'refused',
  code: 'replay.forgotten',
  requirement: 'THR-68',
  actual: `${kind}, acceptable since ${String(since)}`,
});

/** An authorization server that has just lost its replay memory, at T0. */
async function forgetful() {
  const store = new ForgetfulStore();
  const server = await testServer({
    clients: undemandingClients,
    accessTokens: { requireProof: false },
    replay: { store },
  });
  store.loseMemory(T0);
  return server;
}

async function post(server: TestServer, form: Form, dpop?: string) {
  const headers = dpop === undefined ? {} : { dpop };
  return server.send(await tokenRequest(form, { headers }));
}

async function requestObject(nbf: number): Promise<string> {
  const claims = {
    iss: scene.clientId,
    aud: scene.issuer,
    client_id: scene.clientId,
    exp: nbf + 300,
    nbf,
    jti: crypto.randomUUID(),
    redirect_uri: 'https://client.example/cb',
    response_type: 'code',
    scope: 'openid',
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
  };
  return signCompactJws({ typ: 'oauth-authz-req+jwt' }, claims, await signerFor(clientKey));
}

describe('An authorization server whose replay memory was lost', () => {
  it('THR-68 DPOP-13 refuses a proof as a replay, says why to the operator, and leaves the code', async () => {
    const server = await forgetful();
    const code = await savedCode(server.stores.grants);
    const target = { htm: 'POST', htu: `${scene.issuer}/token` };
    const answer = await post(server, codeForm(code), await dpopProof(target));
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_dpop_proof' }]);
    expect(server.audit.events).toMatchObject([wrongOf('dpop', T0 - 30)]);
    server.clock.set(T0 + 30);
    const later = await dpopProof({ ...target, iat: T0 + 30 });
    expect((await post(server, codeForm(code), later)).status).toBe(200);
  });

  it('THR-68 AS-86 refuses a client assertion as a replay, and takes a later one', async () => {
    const server = await forgetful();
    const grant = { grant_type: 'client_credentials' };
    const answer = await post(server, { ...grant, ...(await assertionForm()) });
    expect([answer.status, answer.json]).toEqual([401, { error: 'invalid_client' }]);
    expect(server.audit.events).toMatchObject([wrongOf('client-assertion', T0 - 10)]);
    server.clock.set(T0 + 10);
    const later = await post(server, { ...grant, ...(await assertionForm(T0 + 10)) });
    expect(later.status).toBe(200);
  });

  it('THR-68 AS-50 refuses a request object as a replay, and takes a later one', async () => {
    const server = await forgetful();
    const open = async (nbf: number) => {
      const request = await requestObject(nbf);
      const query = new URLSearchParams({ client_id: scene.clientId, request });
      return server.send({ url: `/authorize?${query.toString()}` });
    };
    const [location = ''] = (await open(T0)).fields('location');
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request_object');
    expect(server.audit.events).toMatchObject([wrongOf('request-object', T0 - 10)]);
    server.clock.set(T0 + 10);
    expect((await open(T0 + 10)).fields('location').join()).toContain('/interaction/');
  });
});
