import { PopRelyingParty } from '@keybound/client/relying-party';
import { thumbprintOf } from '@keybound/core';
import { signHttpRequest } from '@keybound/pop';
import { exportJWK, generateKeyPair } from 'jose';
import { PrivateKeyJwt } from 'openid-client';
import { keyIn } from './claims-in.js';
import type { CodeFlowScene } from './code-flow-scene.js';
import type { DemoReport } from './demo-report.js';
import { alice, partyOptions } from './logged-in.js';
import { showAnswer } from './show-answer.js';

/** A client that shows who it is may change its key with a refresh; the old one is then of no use. */
export async function anotherKey(scene: CodeFlowScene, report: DemoReport): Promise<void> {
  const { app, clock, keys } = scene;
  const party = await registerWithKey(scene);
  const { url, pending } = await party.begin({ scope: 'openid offline_access', prompt: 'consent' });
  const first = await party.finish(await alice().authorize(url, scene.redirectUri), pending);
  const oldKey = await keys.keyForResource(app, first.keyName);
  const newKey = await keys.keyForResource(app, 'the second key');

  const second = await party.refresh(first, 'the second key');
  report.step(
    'the refresh names a second key: the new token is bound to it',
    await keyIn(second.accessToken),
    await thumbprintOf(newKey.publicJwk),
  );
  const { sub } = await party.userInfo(second);
  report.step('the new token, with the second key', sub, second.subject ?? '');
  const target = `${app}/userinfo`;
  const made = { accessToken: second.accessToken, method: 'GET', url: target };
  const signed = await signHttpRequest({ ...made, issuedAt: clock.now() }, oldKey);
  await showAnswer(
    'the new token, with the first key',
    () => fetch(target, { headers: { authorization: `PoP ${signed}` } }),
    '401 invalid_token (SHR-20 shr.signature)',
    scene,
    report,
  );
}

/** Registers by `private_key_jwt`: this key is for the token endpoint alone, and binds no token. */
async function registerWithKey(scene: CodeFlowScene): Promise<PopRelyingParty> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const answer = await fetch(`${scene.app}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: [scene.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [await exportJWK(publicKey)] },
      pop_bound_access_tokens: true,
    }),
  });
  const { client_id: clientId } = (await answer.json()) as { readonly client_id: string };
  const authentication = PrivateKeyJwt(privateKey);
  return PopRelyingParty.known(partyOptions(scene, scene.app, 'kd-01'), {
    clientId,
    authentication,
  });
}
