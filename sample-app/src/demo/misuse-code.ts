import { PopRelyingParty } from '@keybound/client/relying-party';
import type { CodeFlowScene } from './code-flow-scene.js';
import type { DemoReport } from './demo-report.js';
import { alice, logIn, partyOptions } from './logged-in.js';

/** What somebody gets who has a code that was used, or a refresh token without its key. */
export async function misuseCode(scene: CodeFlowScene, report: DemoReport): Promise<void> {
  const party = await PopRelyingParty.register(partyOptions(scene, scene.app, 'kd-01'));
  const { url, pending } = await party.begin({ scope: 'openid' });
  const callback = await alice().authorize(url, scene.redirectUri);
  const tokens = await party.finish(callback, pending);
  const before = (await party.userInfo(tokens)).sub;
  report.step('a code, once', before, tokens.subject ?? '');
  report.step(
    'the code again',
    await refusal(() => party.finish(callback, pending)),
    'invalid_grant',
  );
  report.step('and its token is dead', await refusal(() => party.userInfo(tokens)), '401');

  const { party: other, tokens: lasting } = await logIn(scene, 'kd-01', 'openid offline_access');
  const refreshed = await other.refresh(lasting);
  report.step('the refresh token, with its key', refreshed.tokenType, 'pop');
  const stolen = () => other.refresh(refreshed, 'the key of a thief');
  report.step('the refresh token, with another key', await refusal(stolen), 'invalid_grant');
}

/** The error that a client is told, or the status. */
async function refusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('error' in error && typeof error.error === 'string') return error.error;
    if ('status' in error && typeof error.status === 'number') return String(error.status);
    return error.message;
  }
}
