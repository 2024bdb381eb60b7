import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { setCodeFlowScene } from './code-flow-scene.js';
import type { DemoReport } from './demo-report.js';
import { tokenFor } from './plain-client.js';
import { showAnswer } from './show-answer.js';

/**
 * As MSAL does it: the token request names an RSA key by its thumbprint, the token repeats that, and
 * each signed request brings the key along.
 */
export async function msalRequest(
  report: DemoReport,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const scene = await setCodeFlowScene({ ...environment, SHR_PROFILE: 'microsoft' });
  try {
    const { app, clock } = scene;
    const mine = await generateKeyPair('RS256');
    const kid = await calculateJwkThumbprint(await exportJWK(mine.publicKey));
    const asked = { req_cnf: encoded({ kid }) };
    const { access_token: at, token_type: type } = await tokenFor(scene, asked);
    report.step('the token, for a key by its thumbprint', type, 'pop');

    const send = async ({ privateKey, publicKey }: Pair, path = '/api/whoami') => {
      const url = new URL(app + path);
      const jwk = await exportJWK(publicKey);
      const content = { at, ts: clock.now(), m: 'GET', u: url.host, p: url.pathname };
      const signed = await new SignJWT({ ...content, nonce: crypto.randomUUID(), cnf: { jwk } })
        .setProtectedHeader({ alg: 'RS256', typ: 'pop', kid: encoded({ kid }) })
        .sign(privateKey);
      return fetch(url, { headers: { authorization: `PoP ${signed}` } });
    };
    await showAnswer('a request that brings its key', () => send(mine), '200', scene, report);
    const asUserInfo = () => send(mine, '/userinfo');
    await showAnswer('the same at UserInfo', asUserInfo, '200', scene, report);
    const other = await generateKeyPair('RS256');
    const refused = '401 invalid_token (CNF-07 cnf.key)';
    await showAnswer('a request that brings another', () => send(other), refused, scene, report);
  } finally {
    await scene.close();
  }
}

interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
