import { seconds, signerFromKeyPair, systemClock } from '@keybound/core';
import { makeDpopProof } from '@keybound/pop';
import { generateKeyPair } from 'jose';
import type { DemoReport } from './demo-report.js';
import type { DemoScene } from './demo-scene.js';
import { showAnswer } from './show-answer.js';

/** What a thief could make of a captured token and of captured proofs; nothing of it may pass. */
export async function misuseDpop(
  accessToken: string,
  scene: DemoScene,
  report: DemoReport,
): Promise<void> {
  const { app, signer } = scene;
  const whoami = `${app}/api/whoami`;
  const thief = await signerFromKeyPair(await generateKeyPair('ES256'), 'ES256');
  const proof = ({ method = 'GET', url = whoami, by = signer, age = 0 } = {}) =>
    makeDpopProof({ method, url, accessToken, issuedAt: seconds(systemClock.now() - age) }, by);
  const send = (dpop: string) =>
    fetch(whoami, { headers: { authorization: `DPoP ${accessToken}`, dpop } });
  const show = (title: string, dpop: Promise<string>, expected: string) =>
    showAnswer(title, async () => send(await dpop), expected, scene, report);

  const captured = proof();
  const refused = '401 invalid_dpop_proof';
  await show('a request by the owner of the key', captured, '200');
  await show('the very same request again', captured, `${refused} (DPOP-13 dpop.replayed)`);
  const asBearer = () => fetch(whoami, { headers: { authorization: `Bearer ${accessToken}` } });
  const unproven = '401 invalid_token (CNF-13 cnf.unproven)';
  await showAnswer('the token alone, as Bearer', asBearer, unproven, scene, report);
  const otherKey = '401 invalid_token (DPOP-12 dpop.other_key)';
  await show("a proof by the thief's own key", proof({ by: thief }), otherKey);
  const elsewhere = proof({ url: `${app}/api/public` });
  await show('a proof made for another path', elsewhere, `${refused} (DPOP-09 dpop.htu)`);
  const other = proof({ method: 'DELETE' });
  await show('a proof made for another method', other, `${refused} (DPOP-08 dpop.htm)`);
  const old = proof({ age: 600 });
  await show('a proof made ten minutes ago', old, `${refused} (DPOP-11 dpop.iat)`);
  await show('the owner, once more', proof(), '200');
}
