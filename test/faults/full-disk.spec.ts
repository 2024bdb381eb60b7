import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqlite, type SqlStorage } from '@keybound/storage-sql';
import { SettableClock, textIn } from '@keybound/testing';
import Libsql, { type Database } from 'libsql';
import { join } from 'node:path';
import {
  alice,
  startSampleApp,
  type HeadlessUser,
  type SampleApp,
} from '../support/running-sample-app.js';
import type { SuiteClient } from '../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../support/wire-answer.js';
import { provenRequest, registeredClient } from './support/fault-client.js';
import { expectToldToComeAgain } from './support/outage.js';
import { ownDirectory, removeDirectory } from './support/own-directory.js';
import { Tallies } from './support/tally.js';

/** More than fit into it. */
const manyRegistrations = 200;
/** More than fit into the last page of a table. */
const manyCodes = 12;
/** Twice as much as an empty one takes. */
const maxBytes = 400_000;

const tallies = new Tallies();
afterAll(() => {
  tallies.report();
});

describe('an app whose SQLite has no room left', () => {
  let directory: string;
  let storage: SqlStorage;
  /** Of somebody else, to look at what is recorded. */
  let database: Database;
  let app: SampleApp;
  let client: SuiteClient;
  let user: HeadlessUser;
  /** So that nothing ends before the disk is full, however long that takes. */
  const clock = new SettableClock();
  const now = () => clock.now();

  beforeEach(async () => {
    directory = await ownDirectory();
    const file = join(directory, 'app.sqlite');
    storage = await openSqlite({ file, maxBytes, clock });
    database = new Libsql(file);
    app = await startSampleApp({}, { stores: storage.stores, replay: storage.replay, clock });
    client = await registeredClient(app.issuer, now);
    user = alice();
    await client.code(client.request(), user);
  });
  afterEach(async () => {
    await app.close();
    await storage.close();
    database.close();
    await removeDirectory(directory);
  });

  const machineToken = () => client.post('/token', { grant_type: 'client_credentials' });
  const register = () =>
    onTheWire(`${app.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [`https://client.example/${'x'.repeat(1_000)}`] }),
    });
  const rows = (table: string) =>
    (database.prepare(`select count(*) as count from ${table}`).get() as { count: number }).count;

  async function fill(): Promise<void> {
    for (let count = 0; count < manyRegistrations; count += 1) {
      if ((await register()).status === 503) return;
    }
    throw new Error('It did not fill up.');
  }

  /** As an operator would. */
  function makeRoom(): void {
    database.prepare('delete from keybound_client where id <> ?').run(client.id);
  }

  it('THR-66 THR-92 AS-271 INV-3 records nothing by halves, says when to come again, and goes on once there is room', async () => {
    const tally = tallies.scenario('SQLite full');
    const refreshable = client.request({ scope: 'openid offline_access', prompt: 'consent' });
    const held = textIn(await client.tokens(refreshable, user), 'refresh_token');
    const token = textIn((await machineToken()).json, 'access_token');
    const codes: string[] = [];
    while (codes.length < manyCodes) codes.push(await client.code(refreshable, user));
    await fill();
    const clients = rows('keybound_client');
    const refreshTokens = rows('keybound_refresh_token');

    const first: WireAnswer[] = [];
    for (const code of codes) first.push(await client.redeem(code));
    const calls: WireAnswer[] = [await register()];
    const proof = await provenRequest(app.issuer, token, now);
    for (let count = 0; count < 3; count += 1)
      calls.push(await proof(), await client.refresh(held));
    // Little may still fit in: what is answered is done, and what is not is not.
    for (const answer of [...first, ...calls]) {
      tally.note(answer.status);
      if (answer.status === 503) expectToldToComeAgain(answer);
      else expect([200, 401]).toContain(answer.status);
    }
    const isRefused = ({ status }: WireAnswer) => status === 503;
    expect(first.filter(isRefused).length).toBeGreaterThan(0);
    expect(rows('keybound_client')).toBe(clients);
    const recorded = first.filter((answer) => !isRefused(answer)).length;
    expect(rows('keybound_refresh_token')).toBe(refreshTokens + recorded);
    expect((await onTheWire(`${app.issuer}/jwks`)).status).toBe(200);
    expect((await onTheWire(`${app.issuer}/api/whoami`)).status).toBe(401);

    makeRoom();
    for (const [index, code] of codes.entries()) {
      const again = await client.redeem(code);
      tally.noteOnce([first[index]?.status, again.status]);
      expect(again.status).toBe(first[index]?.status === 503 ? 200 : 400);
    }
    for (const ask of [register, machineToken, () => client.refresh(held)]) {
      const { status } = await ask();
      tally.note(status);
      expect(status).toBeLessThan(300);
    }
    expect(tally.counts).toMatchObject({ acceptedTwice: 0, lost: 0 });
  });
});
