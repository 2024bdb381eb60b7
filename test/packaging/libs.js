import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * @typedef {object} Manifest What packaging asks of a `package.json`.
 * @property {string} name
 * @property {string} [type]
 * @property {boolean} [sideEffects]
 * @property {string[]} [files]
 * @property {Record<string, Record<string, string>>} [exports]
 * @property {Record<string, Record<string, string>>} [imports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 *
 * @typedef {object} Lib
 * @property {string} folder Its name below `libs/`.
 * @property {string} directory
 * @property {Manifest} manifest
 */

export const root = resolve(import.meta.dirname, '../..');

const folders = readdirSync(join(root, 'libs')).filter((folder) =>
  existsSync(join(root, 'libs', folder, 'package.json')),
);

/** The publishable packages. */
export const libs = folders.map((folder) => {
  const directory = join(root, 'libs', folder);
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  /** @type {Lib} */
  const lib = { folder, directory, manifest };
  return lib;
});

/**
 * The source of a built file: `./dist/nest/index.d.ts` comes from `./src/nest/index.ts`.
 *
 * @param {string} target
 */
export function sourceOf(target) {
  return target.replace(/^\.\/dist\//, './src/').replace(/(\.d\.ts|\.js)$/, '.ts');
}
