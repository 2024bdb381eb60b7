import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  clientKey,
  codeForm,
  savedCode,
  T0,
  testServer,
  textIn,
  tokenRequest,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signersFrom, type KeysHeldElsewhere } from '../../sample-app/src/keys/held-elsewhere.js';
import { ownDirectory, removeDirectory } from './support/own-directory.js';
import { OwnProcess } from './support/own-process.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const loader = './test/faults/support/source-loader.js';
const nodeOptions = ['--no-warnings', '--conditions=@keybound/source', '--import', loader];

describe('a server whose keys another process holds', () => {
  let directory: string;
  let holder: OwnProcess;
  let keys: KeysHeldElsewhere;
  let server: TestServer;

  /** @param file Where the keys are kept; without it they end with the process. */
  async function startHolder(file?: string): Promise<void> {
    const args = ['sample-app/src/keys/key-holder.ts', socketPath(), ...(file ? [file] : [])];
    holder = new OwnProcess(process.execPath, [...nodeOptions, ...args], { cwd: root, env: {} });
    await holder.says(/Keys for ES256 and RS256 are held at/);
  }
  const socketPath = () => join(directory, 'keys.sock');
  const keyFile = () => join(directory, 'keys.json');

  beforeEach(async () => {
    directory = await ownDirectory();
    await startHolder(keyFile());
    keys = await signersFrom(socketPath());
    server = await testServer({ keys });
  });

  afterEach(async () => {
    keys.close();
    await holder.end();
    await removeDirectory(directory);
  });

  async function redeem(code: string): Promise<TestAnswer> {
    return server.send(await tokenRequest(codeForm(code), { proofBy: clientKey }));
  }

  async function expectGoodTokens(answer: TestAnswer): Promise<void> {
    expect(answer.status).toBe(200);
    const { json } = await server.send({ url: '/jwks' });
    const jwks = createLocalJWKSet(json as unknown as JSONWebKeySet);
    const currentDate = new Date(T0 * 1_000);
    for (const name of ['access_token', 'id_token']) {
      const { payload } = await jwtVerify(textIn(answer.json, name), jwks, { currentDate });
      expect(payload.sub).toBe('alice');
    }
  }

  it('AS-209 issues tokens that everybody can verify, and never has a private key', async () => {
    await expectGoodTokens(await redeem(await savedCode(server.stores.grants)));
    for (const path of [keyFile(), socketPath()]) {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
  });

  it('AS-209 THR-66 answers 503 without the holder, spends nothing, and goes on when it is back', async () => {
    const code = await savedCode(server.stores.grants);
    await holder.end('SIGKILL');
    for (let times = 0; times < 2; times += 1) {
      const answer = await redeem(code);
      expect(answer.status).toBe(503);
      expect(answer.json['error']).toBe('temporarily_unavailable');
      expect(answer.fields('retry-after')).toHaveLength(1);
    }
    await startHolder(keyFile());
    await expectGoodTokens(await redeem(code));
    expect((await redeem(code)).json['error']).toBe('invalid_grant');
  });

  it('AS-209 THR-66 answers 503 while the holder stands still', async () => {
    const code = await savedCode(server.stores.grants);
    holder.signal('SIGSTOP');
    expect((await redeem(code)).status).toBe(503);
    holder.signal('SIGCONT');
    await expectGoodTokens(await redeem(code));
  });

  it('AS-209 lets no other key sign under the names that it published', async () => {
    const code = await savedCode(server.stores.grants);
    await holder.end('SIGTERM');
    await startHolder();
    expect((await redeem(code)).status).toBe(503);
  });
});
