import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { libs, root, sourceOf } from './libs.js';
import { browserImports } from './runtime-imports.js';

const framework = /^(@nestjs\/|@fastify\/|express$|fastify|passport|rxjs$|reflect-metadata$)/;
const browserPackages = ['jose', 'zod'];
const shipped = ['dist/**/*.js', 'dist/**/*.d.ts', '!dist/**/*.spec.*', 'README.md'];

function foreignToBrowsers(entry: string): [string, string][] {
  return [...browserImports(entry)].filter(
    ([name]) => !browserPackages.includes(name.split('/')[0] ?? ''),
  );
}

describe.each(libs)('the package of libs/$folder', ({ directory, manifest }) => {
  const entries = Object.entries(manifest.exports ?? {});

  it('is an ESM package without side effects that ships code and declarations only', () => {
    expect(manifest).toMatchObject({ type: 'module', sideEffects: false });
    expect(manifest.files).toEqual(expect.arrayContaining(['dist/**/*.js', 'dist/**/*.d.ts']));
    expect(shipped).toEqual(expect.arrayContaining(manifest.files ?? []));
  });

  it('exports a root entry', () => {
    expect(entries.map(([path]) => path)).toContain('.');
  });

  it('exports one source file for each entry, and what is built from it', () => {
    const isSource = (target = '') => existsSync(join(directory, sourceOf(target)));
    for (const [path, targets] of entries) {
      const { browser, '@keybound/source': source = '', types = '', default: code = '' } = targets;
      const conditions = ['browser', '@keybound/source', 'types', 'default'];
      expect({ path, ...targets }).toEqual({
        path,
        ...(browser === undefined ? {} : { browser: expect.stringMatching(/^\.\/dist\/.*\.js$/) }),
        '@keybound/source': expect.stringMatching(/^\.\/src\/.*\.ts$/),
        types: expect.stringMatching(/^\.\/dist\/.*\.d\.ts$/),
        default: expect.stringMatching(/^\.\/dist\/.*\.js$/),
      });
      expect(Object.keys(targets)).toEqual(conditions.filter((name) => name in targets));
      expect([sourceOf(types), sourceOf(code)]).toEqual([source, source]);
      const missing = [source, ...(browser === undefined ? [] : [browser])].filter(
        (target) => !isSource(target),
      );
      expect(missing).toEqual([]);
    }
  });

  it('asks for frameworks only as optional peers', () => {
    expect(Object.keys(manifest.dependencies ?? {}).filter((name) => framework.test(name))).toEqual(
      [],
    );
    const peers = Object.keys(manifest.peerDependencies ?? {});
    const optional = peers.filter(
      (name) => manifest.peerDependenciesMeta?.[name]?.optional === true,
    );
    expect(optional).toEqual(peers);
  });

  it('lists its public names one by one', () => {
    const indexes = readdirSync(join(directory, 'src'), { encoding: 'utf8', recursive: true })
      .filter((file) => /(^|[\\/])index[^\\/]*\.ts$/.test(file))
      .map((file) => join('src', file));
    const starred = indexes.filter((file) =>
      /^\s*export\s+(type\s+)?\*/m.test(readFileSync(join(directory, file), 'utf8')),
    );
    expect(starred).toEqual([]);
  });

  it('says in its README what it is for and how to begin', () => {
    const file = join(directory, 'README.md');
    const readme = existsSync(file) ? readFileSync(file, 'utf8') : '(no README.md)';
    expect(readme).toMatch(/^#+ Smallest working use$/m);
    expect(readme).toMatch(/^#+ Requirements$/m);
  });

  const browserEntries = entries.flatMap(([path, { browser, default: code = '' }]) => {
    const isClient = directory.endsWith('client') && path === '.';
    return browser === undefined && !isClient ? [] : [sourceOf(browser ?? code)];
  });
  it('reaches nothing by its entries for browsers that a browser lacks', () => {
    expect(browserEntries.flatMap((entry) => foreignToBrowsers(join(directory, entry)))).toEqual(
      [],
    );
  });
});

describe('the walk over what a browser would load', () => {
  it('finds the Node modules behind a file that is only for Node', () => {
    const found = foreignToBrowsers(join(root, 'libs/core/src/outgoing-http/guarded-http.ts'));
    expect(found.map(([name]) => name)).toContain('undici');
  });
});

describe('the lock file', () => {
  it('holds no download addresses, so that any registry serves', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "http/);
  });
});
