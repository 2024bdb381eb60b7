import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdKeys } from './hold-keys.js';

describe('holdKeys', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-hold-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('AS-209 holds keys, and makes their file', async () => {
    const held = await holdKeys(join(folder, 'keys.sock'), join(folder, 'keys.json'));
    expect(held.algorithms).toEqual(['ES256', 'RS256']);
    expect((await readdir(folder)).sort()).toEqual(['keys.json', 'keys.sock']);
    await held.close();
  });

  it('AS-209 says that the folder of the socket is not there, before any key is made', async () => {
    const missing = join(folder, 'missing');
    const holding = holdKeys(join(missing, 'keys.sock'), join(folder, 'keys.json'));
    await expect(holding).rejects.toThrow(ConfigurationError);
    await expect(holding).rejects.toThrow(`There is no folder ${missing} for the socket`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('AS-209 takes no file for the folder of the socket', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const holding = holdKeys(join(file, 'keys.sock'), undefined);
    await expect(holding).rejects.toThrow(`There is no folder ${file} for the socket`);
  });
});
