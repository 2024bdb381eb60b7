import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../open-parts.js';
import { readSettings } from '../settings/read-settings.js';
import { checkPlace } from './check-place.js';

describe('checkPlace', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-place-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const sqlite = (file: string) => ({ storage: { kind: 'sqlite', file } as const });

  it('takes a file, and one that is not there yet', async () => {
    const file = join(folder, 'app.sqlite');
    checkPlace(sqlite(file));
    await writeFile(file, '');
    checkPlace(sqlite(file));
    checkPlace(sqlite(join(folder, 'missing', 'app.sqlite')));
    checkPlace(sqlite(':memory:'));
    checkPlace({ storage: { kind: 'postgres', url: 'postgres://db.example/app' } });
  });

  it.each(['/dev/null', tmpdir()])('THR-84 takes nothing that is no file: %s', (path) => {
    expect(() => {
      checkPlace(sqlite(path));
    }).toThrow(new ConfigurationError(`STORAGE: ${path} is no file; name one, which may be new.`));
  });

  it('THR-84 keeps the app from starting before anything is made', async () => {
    const KEYBOUND_SECRET = randomBytes(32).toString('base64');
    const settings = readSettings({ STORAGE: `sqlite:${folder}`, KEYBOUND_SECRET });
    await expect(openParts(settings)).rejects.toThrow(/^STORAGE: /);
    expect(await readdir(folder)).toEqual([]);
  });
});
