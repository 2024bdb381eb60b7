import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysInFile } from './keys-in-file.js';

describe('keysInFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-keys-'));
    file = join(folder, 'keys.json');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const keys = () => keysInFile(file, ['ES256']);

  it('AS-209 makes keys that nobody else can read, and finds them again', async () => {
    const made = await keys();
    expect(made).toMatchObject([{ algorithm: 'ES256', privateJwk: { d: expect.any(String) } }]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keys()).toEqual(made);
  });

  it('AS-209 makes the same keys once for several that start at once', async () => {
    const all = await Promise.all([keys(), keys(), keys()]);
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    expect(await readdir(folder)).toEqual(['keys.json']);
  });

  it.each([0o640, 0o604, 0o601])('THR-84 takes no keys that others can open (%p)', async (mode) => {
    await keys();
    await chmod(file, mode);
    await expect(keys()).rejects.toThrow(ConfigurationError);
    await expect(keys()).rejects.toThrow(/chmod 600/);
  });

  it.each(['', '[]', '{"d":"secret"}', 'secret'])(
    'THR-76 takes no file that holds %p, and does not repeat it',
    async (text) => {
      await writeFile(file, text, { mode: 0o600 });
      await expect(keys()).rejects.toThrow(/holds no keys/);
      await expect(keys()).rejects.not.toThrow(/secret/);
    },
  );
});
