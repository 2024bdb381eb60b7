import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath, URL } from 'node:url';
import { transform } from '@swc/core';

// Sources as they are now, compiled as Jest compiles them: what was built may be older, or not be there.

const cache = new URL('../../../node_modules/.cache/keybound-sources/', import.meta.url);
await mkdir(cache, { recursive: true });

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const source = await readFile(new URL(url), 'utf8');
  return {
    format: 'module',
    source: await compiled(source, fileURLToPath(url)),
    shortCircuit: true,
  };
}

/**
 * @param {string} source
 * @param {string} filename
 */
async function compiled(source, filename) {
  const name = createHash('sha256').update(`${filename}\n${source}`).digest('hex');
  const kept = new URL(`${name}.js`, cache);
  if (existsSync(kept)) return readFile(kept, 'utf8');
  const { code } = await transform(source, {
    filename,
    sourceMaps: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  });
  // Several processes may compile the same file at once.
  const draft = new URL(`${name}.${String(process.pid)}`, cache);
  await writeFile(draft, code);
  await rename(draft, kept);
  return code;
}
