import { importJWK, SignJWT, type JWK } from 'jose';
import { claimsIn } from './claims-in.js';
import { setCodeFlowScene } from './code-flow-scene.js';
import type { DemoReport } from './demo-report.js';
import { tokenFor } from './plain-client.js';
import { showAnswer } from './show-answer.js';

/** The key comes with the token; the API finds the same inside the token, encrypted for it alone. */
export async function symmetricKey(
  report: DemoReport,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const scene = await setCodeFlowScene({ ...environment, SYMMETRIC_POP: '1' });
  try {
    const { app, clock } = scene;
    const {
      access_token: at,
      token_type: type,
      key = '',
    } = await tokenFor(scene, { alg: 'HS256' }, { resource: `${app}/api` });
    const jwk = JSON.parse(key) as JWK;
    report.step(
      'the token, and a key',
      `${type} ${jwk.kty ?? ''} ${jwk.alg ?? ''}`,
      'pop oct HS256',
    );
    const cnf = claimsIn(at)['cnf'] ?? {};
    report.step('in the token the key can be read by nobody else', membersOf(cnf), 'jwe');

    const url = new URL(`${app}/api/whoami`);
    const signed = async (secret: JWK) =>
      new SignJWT({ at, ts: clock.now(), m: 'GET', u: url.host, p: url.pathname, nonce: fresh() })
        .setProtectedHeader({ alg: 'HS256', typ: 'pop' })
        .sign(await importJWK(secret, 'HS256'));
    const send = async (secret: JWK) =>
      fetch(url, { headers: { authorization: `PoP ${await signed(secret)}` } });
    await showAnswer('a request that this key signed', () => send(jwk), '200', scene, report);
    const other = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') };
    await showAnswer(
      'a request that another secret signed',
      () => send(other),
      '401 invalid_token (SHR-20 shr.signature)',
      scene,
      report,
    );
  } finally {
    await scene.close();
  }
}

function fresh(): string {
  return crypto.randomUUID();
}

function membersOf(value: object): string {
  return Object.keys(value).join(' ');
}
