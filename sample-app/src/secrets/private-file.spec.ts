import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { mkdir, mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFile } from './private-file.js';

const make = () => Promise.resolve('made');

describe('privateFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-private-'));
    file = join(folder, 'file');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  /** What was on its way to the disk when it was told to wait for it: the text, then the folder. */
  async function synced(): Promise<readonly string[]> {
    const handle = await open(folder);
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const kinds: string[] = [];
    jest.spyOn(handles, 'sync').mockImplementation(async function (this: FileHandle) {
      const stats = await this.stat();
      kinds.push(stats.isDirectory() ? `folder of ${String(await readdir(folder))}` : 'file');
    });
    await privateFile(file, make);
    return kinds;
  }

  it('AS-272 survives a machine that fails from the moment on in which it is read', async () => {
    expect(await synced()).toEqual(['file', 'folder of file']);
    expect(await privateFile(file, make)).toBe('made');
  });

  it('AS-272 is made once', async () => {
    await privateFile(file, make);
    const again = jest.fn(make);
    expect(await privateFile(file, again)).toBe('made');
    expect(again).not.toHaveBeenCalled();
  });

  it('THR-84 is no folder, and that is said', async () => {
    await mkdir(file);
    await expect(privateFile(file, make)).rejects.toThrow(ConfigurationError);
    await expect(privateFile(file, make)).rejects.toThrow(`${file} is no file; move it away.`);
  });

  it('tells where it cannot be made, and why', async () => {
    const nowhere = join(folder, 'missing', 'file');
    const refused = privateFile(nowhere, make);
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(`${nowhere} cannot be made.`);
    await expect(refused).rejects.toHaveProperty('cause.code', 'ENOENT');
  });

  it('passes on what is no matter of the file', async () => {
    const bug = new Error('no text');
    await expect(privateFile(file, () => Promise.reject(bug))).rejects.toBe(bug);
    expect(await readdir(folder)).toEqual([]);
  });
});
