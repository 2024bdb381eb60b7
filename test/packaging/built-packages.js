import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { libs, root, sourceOf } from './libs.js';

/*
 * Checks the built packages as npm would publish them. Run it after the build; it fails if
 *   - a package holds anything but code, declarations, README, licence and manifest, or lacks a target;
 *   - a built file has no source any more;
 *   - an entry cannot be imported;
 *   - an entry for browsers cannot be bundled for one.
 */

const wanted = /^(package\.json|README\.md|LICENSE|dist\/(?!.*\.spec\.).*\.(js|d\.ts))$/;

/** @type {string[]} */
const problems = [];
for (const lib of libs) problems.push(...checkFiles(lib), ...(await checkEntries(lib)));

for (const problem of problems) console.error(`packaging: ${problem}`);
console.log(`${libs.length} packages checked, ${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;

/**
 * @param {import('./libs.js').Lib} lib
 * @returns {string[]}
 */
function checkFiles({ directory, manifest }) {
  const files = packedFiles(directory);
  const targets = [manifest.exports, manifest.imports]
    .flatMap((map) => Object.values(map ?? {}))
    .flatMap((conditions) => Object.entries(conditions))
    .filter(([condition]) => condition !== '@keybound/source')
    .map(([, target]) => target.replace(/^\.\//, ''));
  return [
    ...files.filter((file) => !wanted.test(file)).map((file) => `${manifest.name} ships ${file}`),
    ...files
      .filter(
        (file) => file.startsWith('dist/') && !existsSync(join(directory, sourceOf(`./${file}`))),
      )
      .map((file) => `${manifest.name} ships ${file}, which has no source: delete dist and build`),
    ...targets
      .filter((target) => !files.includes(target))
      .map((target) => `${manifest.name} does not ship ${target}`),
  ];
}

/**
 * @param {string} directory
 * @returns {string[]}
 */
function packedFiles(directory) {
  const npm = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (npm.status !== 0) throw new Error(`npm pack failed in ${directory}: ${npm.stderr}`);
  const [packed] = Object.values(JSON.parse(npm.stdout));
  return packed.files.map((/** @type {{ path: string }} */ { path }) => path);
}

/**
 * @param {import('./libs.js').Lib} lib
 * @returns {Promise<string[]>}
 */
async function checkEntries({ manifest }) {
  /** @type {string[]} */
  const found = [];
  for (const [path, targets] of Object.entries(manifest.exports ?? {})) {
    const specifier = manifest.name + path.slice(1);
    await import(specifier).catch((/** @type {unknown} */ error) => {
      found.push(`${specifier} cannot be imported: ${String(error)}`);
    });
    if (targets['browser'] === undefined) continue;
    const stdin = {
      contents: `import * as all from '${specifier}'; console.log(all);`,
      resolveDir: root,
    };
    await build({
      stdin,
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      logLevel: 'silent',
    }).catch((/** @type {unknown} */ error) => {
      found.push(`${specifier} cannot be bundled for a browser: ${String(error)}`);
    });
  }
  return found;
}
