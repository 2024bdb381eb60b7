import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { chmod, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretInFile } from './secret-in-file.js';

const random = 'Zq3-_xT7Lm0aKcV9bNwP5rSuYdEfGhJi';

describe('secretInFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-secret-'));
    file = join(folder, 'own', 'secret');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('THR-85 makes a secret of 256 bits where there is none, and finds it again', async () => {
    const secret = await secretInFile(file);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await secretInFile(file)).toBe(secret);
    expect(await secretInFile(join(folder, 'other'))).not.toBe(secret);
  });

  it('THR-84 lets nobody but its owner read it', async () => {
    await secretInFile(file);
    expect((await stat(join(folder, 'own'))).mode & 0o777).toBe(0o700);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('AS-272 is the same for all that start at once, and leaves no draft behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => secretInFile(file)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(join(folder, 'own'))).toEqual(['secret']);
  });

  it.each([
    ['nothing', ''],
    ['31 characters', random.slice(0, 31)],
    ['40 equal characters', 'x'.repeat(40)],
  ])('THR-84 refuses a file that holds %s, and leaves it alone', async (_what, text) => {
    const damaged = join(folder, 'secret');
    await writeFile(damaged, text, { mode: 0o600 });
    await expect(secretInFile(damaged)).rejects.toThrow(ConfigurationError);
    await expect(secretInFile(damaged)).rejects.toThrow('holds no secret');
    expect((await stat(damaged)).size).toBe(text.length);
  });

  it('THR-84 takes 32 characters, and what an editor adds after them', async () => {
    const own = join(folder, 'secret');
    await writeFile(own, `${random}\r\n`, { mode: 0o600 });
    expect(await secretInFile(own)).toBe(random);
  });

  it.each([0o604, 0o640, 0o602])('THR-84 refuses a file that others can open: %i', async (mode) => {
    const secret = await secretInFile(file);
    await chmod(file, mode);
    await expect(secretInFile(file)).rejects.toThrow(ConfigurationError);
    await expect(secretInFile(file)).rejects.toThrow('chmod 600');
    await expect(secretInFile(file)).rejects.not.toThrow(secret);
    await chmod(file, 0o600);
    expect(await secretInFile(file)).toBe(secret);
  });

  it('THR-84 follows no link to where nothing is', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const link = join(folder, 'secret');
    await symlink(elsewhere, link);
    await expect(secretInFile(link)).rejects.toThrow('holds no secret');
    await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([0o755, 0o710])('THR-84 refuses a folder that others may enter: %i', async (mode) => {
    await chmod(folder, mode);
    const refused = secretInFile(join(folder, 'secret'));
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(`${folder}, which holds secrets; chmod 700 it.`);
    expect(await readdir(folder)).toEqual([]);
    await chmod(folder, 0o700);
    expect(await secretInFile(join(folder, 'secret'))).toMatch(/^[\w-]{43}$/);
  });
});
