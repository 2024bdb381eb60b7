import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import { alice, type HeadlessUser } from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../support/wire-answer.js';
import { AppProcess } from './support/app-process.js';
import { isKnown, provenRequest, registeredClient } from './support/fault-client.js';
import { freePort } from '../support/free-port.js';
import { patientlyOn } from './support/instances.js';
import { ownDirectory, removeDirectory } from './support/own-directory.js';
import { Tallies } from './support/tally.js';

const manyCodes = 30;
const workers = 6;

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

describe('an app on SQLite that is killed and started again', () => {
  let directory: string;
  let port: number;
  let app: AppProcess;
  let client: SuiteClient;
  let user: HeadlessUser;

  const start = () =>
    AppProcess.start({
      port,
      environment: patientlyOn(`sqlite:${directory}/app.sqlite`),
    });
  const startAgain = async () => {
    await app.end('SIGKILL');
    app = await start();
  };

  beforeEach(async () => {
    directory = await ownDirectory();
    port = await freePort();
    app = await start();
    client = await registeredClient(app.issuer);
    user = alice();
  });
  afterEach(async () => {
    await app.end('SIGKILL');
    await removeDirectory(directory);
  });

  const refreshable = () => client.request({ scope: 'openid offline_access', prompt: 'consent' });
  const keys = async () => (await onTheWire(`${app.issuer}/jwks`)).json['keys'];

  it('THR-28 THR-67 AS-270 knows its clients, keys, codes and tokens, and what was used', async () => {
    const tally = tallies.scenario('SQLite app killed while idle');
    const published = await keys();
    const tokens = await client.tokens(refreshable(), user);
    const [used, unused] = [await client.code(refreshable(), user), await client.code()];
    const usedStatuses = [(await client.redeem(used)).status];
    const proof = await provenRequest(app.issuer, textIn(tokens, 'access_token'));
    const proofStatuses = [(await proof()).status];
    const requestUri = await client.push();
    await startAgain();
    expect(await keys()).toEqual(published);
    proofStatuses.push((await proof()).status);
    const fresh = await provenRequest(app.issuer, textIn(tokens, 'access_token'));
    const pushed = { client_id: client.id, request_uri: requestUri };
    for (const { status } of [
      await fresh(),
      await client.refresh(textIn(tokens, 'refresh_token')),
      await client.redeem(unused),
      await client.redeem(await client.code(pushed, user)),
    ]) {
      tally.note(status);
      expect(status).toBe(200);
    }
    usedStatuses.push((await client.redeem(used)).status);
    tally.noteOnce(proofStatuses);
    tally.noteOnce(usedStatuses);
    expect([proofStatuses, usedStatuses]).toEqual([
      [200, 401],
      [200, 400],
    ]);
    expect(tally.counts).toMatchObject({ accepted: 6, refused: 2, acceptedTwice: 0, lost: 0 });
  });

  it('THR-28 THR-67 THR-92 INV-3 is killed amid redemptions: what was answered is known, and nothing is taken twice', async () => {
    const tally = tallies.scenario('SQLite app killed amid redemptions');
    const codes: string[] = [];
    while (codes.length < manyCodes) codes.push(await client.code(refreshable(), user));
    const answers = new Map<string, WireAnswer | undefined>();
    const work = async (mine: readonly string[]) => {
      for (const code of mine) {
        const answer = await unlessGone(client.redeem(code));
        answers.set(code, answer);
        if (answer !== undefined) tally.note(answer.status);
      }
    };
    const shares = Array.from({ length: workers }, (_, worker) =>
      codes.filter((_code, index) => index % workers === worker),
    );
    const redemptions = shares.map(work);
    await tally.reaches(manyCodes / 3);
    await startAgain();
    await Promise.all(redemptions);
    for (const [code, answer] of answers) {
      const tokens = answer ?? (await client.redeem(code));
      if (answer === undefined) tally.note(tokens.status);
      if (tokens.status === 200 && !(await isKnown(client, tokens.json))) tally.add('lost');
      const again = await client.redeem(code);
      tally.note(again.status);
      if (tokens.status === 200 && again.status === 200) tally.add('acceptedTwice');
    }
    expect(tally.counts).toMatchObject({ unavailable: 0, acceptedTwice: 0, lost: 0 });
    expect(tally.counts.refused).toBeGreaterThanOrEqual(manyCodes);
  });
});

/** @returns Undefined where whoever was asked is gone. */
async function unlessGone(answer: Promise<WireAnswer>): Promise<WireAnswer | undefined> {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}
