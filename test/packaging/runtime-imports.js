import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { libs, sourceOf } from './libs.js';

/**
 * Every package that a browser would load for a source file, over all the files that it reaches.
 *
 * Follows relative imports, the `browser` condition of `#…` imports and of our own packages. What only
 * types are imported from is not loaded.
 *
 * @param {string} entry Absolute path of a source file.
 * @returns {Map<string, string>} The file that imports it, by package or `node:` module.
 */
export function browserImports(entry) {
  const packages = new Map();
  const visited = new Set();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (visited.has(file)) continue;
    visited.add(file);
    for (const specifier of specifiersOf(file)) {
      const target = resolveForBrowser(specifier, file);
      if (target === undefined) packages.set(specifier, file);
      else open.push(target);
    }
  }
  return packages;
}

/**
 * @param {string} file
 * @returns {string[]} What the compiled file imports.
 */
function specifiersOf(file) {
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
      experimentalDecorators: true,
    },
  });
  return ts.preProcessFile(outputText).importedFiles.map(({ fileName }) => fileName);
}

/**
 * @param {string} specifier
 * @param {string} importer
 * @returns {string | undefined} A source file of ours, or undefined for a foreign module.
 */
function resolveForBrowser(specifier, importer) {
  if (specifier.startsWith('.')) {
    return resolve(dirname(importer), specifier).replace(/\.js$/, '.ts');
  }
  const lib = specifier.startsWith('#')
    ? libs.find(({ directory }) => importer.startsWith(join(directory, 'src')))
    : libs.find(({ manifest: { name } }) => specifier === name || specifier.startsWith(`${name}/`));
  if (lib === undefined) return undefined;
  const { directory, manifest } = lib;
  const conditions = specifier.startsWith('#')
    ? manifest.imports?.[specifier]
    : manifest.exports?.[`.${specifier.slice(manifest.name.length)}`];
  const target = conditions?.['browser'] ?? conditions?.['default'];
  if (target === undefined) throw new Error(`${specifier} has no target; imported by ${importer}`);
  return join(directory, sourceOf(target));
}
