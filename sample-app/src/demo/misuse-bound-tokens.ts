import { generateKeyPair, seconds, signerFromKeyPair, type Signer } from '@keybound/core';
import { signHttpRequest } from '@keybound/pop';
import type { CodeFlowScene } from './code-flow-scene.js';
import type { DemoReport } from './demo-report.js';
import type { LoggedIn } from './logged-in.js';
import { showAnswer } from './show-answer.js';

/** What somebody who has the access token, and saw a request, gets from UserInfo and the API. */
export async function misuseBoundTokens(
  { tokens }: LoggedIn,
  scene: CodeFlowScene,
  report: DemoReport,
): Promise<void> {
  const { app, clock, keys } = scene;
  const { accessToken } = tokens;
  const signer = await keys.keyForResource(app, tokens.keyName);
  const url = `${app}/userinfo`;
  const signed = (by: Signer, issuedAt = clock.now(), more = {}) =>
    signHttpRequest({ accessToken, method: 'GET', url, issuedAt, ...more }, by);
  const send = (authorization: string, target = url, method = 'GET') =>
    fetch(target, { method, headers: { authorization } });
  const show = (title: string, sending: () => Promise<Response>, expected: string) =>
    showAnswer(title, sending, expected, scene, report);

  await show(
    'as a Bearer token',
    () => send(`Bearer ${accessToken}`),
    '401 invalid_token (SHR-29 cnf.unproven)',
  );
  const other = await signerFromKeyPair(await generateKeyPair(), 'ES256');
  const forged = await signed(other);
  await show(
    'signed by another key',
    () => send(`PoP ${forged}`),
    '401 invalid_token (SHR-20 shr.signature)',
  );
  const honest = await signed(signer);
  await show(
    'with another method',
    () => send(`PoP ${honest}`, url, 'POST'),
    '401 invalid_token (SHR-03 shr.m)',
  );
  await show(
    'on another path',
    () => send(`PoP ${honest}`, `${app}/api/whoami`),
    '401 invalid_token (SHR-05 shr.p)',
  );
  await show('as it was meant', () => send(`PoP ${honest}`), '200');
  await show(
    'a second time',
    () => send(`PoP ${honest}`),
    '401 invalid_token (SHR-27 shr.replayed)',
  );
  const old = await signed(signer, seconds(clock.now() - 301));
  await show('301 seconds late', () => send(`PoP ${old}`), '401 invalid_token (SHR-26 shr.ts)');
}
