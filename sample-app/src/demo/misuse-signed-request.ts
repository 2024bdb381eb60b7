import { systemClock } from '@keybound/core';
import { signHttpRequest } from '@keybound/pop';
import type { DemoReport } from './demo-report.js';
import type { DemoScene } from './demo-scene.js';
import { showAnswer } from './show-answer.js';

/** What a thief could make of captured signed HTTP requests; nothing of it may pass. */
export async function misuseSignedRequest(
  accessToken: string,
  scene: DemoScene,
  report: DemoReport,
): Promise<void> {
  const { app, signer } = scene;
  const echo = `${app}/api/echo`;
  const whoami = `${app}/api/whoami`;
  const body = JSON.stringify({ amount: 1 });
  const sign = () => {
    const request = { method: 'POST', url: echo, content: new TextEncoder().encode(body) };
    return signHttpRequest({ ...request, accessToken, issuedAt: systemClock.now() }, signer);
  };
  const post = (url: string, pop: string, content: string) => {
    const headers = { authorization: `PoP ${pop}`, 'content-type': 'application/json' };
    return fetch(url, { method: 'POST', headers, body: content });
  };
  const show = (title: string, send: () => Promise<Response>, expected: string) =>
    showAnswer(title, send, expected, scene, report);

  const captured = await sign();
  const refused = '401 invalid_token';
  await show('a request signed by the owner of the key', () => post(echo, captured, body), '200');
  const again = () => post(echo, captured, body);
  await show('the very same signed request again', again, `${refused} (SHR-27 shr.replayed)`);
  const moved = async () => post(whoami, await sign(), body);
  await show('a signed request moved to another path', moved, `${refused} (SHR-05 shr.p)`);
  const changed = async () => post(echo, await sign(), body.replace('1', '1000000'));
  await show('a signed request with other content', changed, `${refused} (SHR-12 shr.b)`);
  await show('no credentials at all', () => fetch(whoami), '401 (RS-02 credentials.none)');
  await show('the owner, once more', async () => post(echo, await sign(), body), '200');
}
