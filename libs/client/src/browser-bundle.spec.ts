import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { checkDpopProof, dpopPolicy } from '@keybound/pop';
import { requestView, T0 } from '@keybound/testing';
import { build, type Plugin } from 'esbuild';

const libs = resolve(import.meta.dirname, '../..');

/** Sources of what the `browser` condition names, so that nothing has to be built before. */
const browserSources: Plugin = {
  name: 'browser-sources',
  setup(bundler) {
    bundler.onResolve({ filter: /^@keybound\/(core|pop)$/ }, ({ path }) => ({
      path: resolve(libs, path.replace('@keybound/', ''), 'src/index.browser.ts'),
    }));
    bundler.onResolve({ filter: /^#platform$/ }, () => ({
      path: resolve(libs, 'core/src/crypto/platform.browser.ts'),
    }));
  },
};

/** A page: makes a key pair that cannot be extracted, and one request with it. */
const page = `
  import { createSigningFetch, InMemoryKeyPairs, ResourceKeys } from './index.ts';
  globalThis.run = async (now) => {
    const keys = new ResourceKeys(new InMemoryKeyPairs());
    let sent;
    const send = createSigningFetch({
      method: 'dpop',
      signer: await keys.keyForResource('https://as.example.com', 'https://api.example.com'),
      accessToken: 'a-token',
      fetch: async (url, { headers }) => {
        sent = headers.get('dpop');
        return new Response();
      },
      origins: ['https://api.example.com'],
      clock: { now: () => now },
    });
    await send('https://api.example.com/orders');
    return sent;
  };
`;

const bundle = () =>
  build({
    stdin: { contents: page, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    conditions: ['browser', '@keybound/source'],
    plugins: [browserSources],
    logLevel: 'silent',
  });

describe('the client in a browser', () => {
  it('bundles without any module of Node', async () => {
    const { metafile, outputFiles } = await bundle();
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    expect(imports.filter(({ path, external }) => external ?? path.startsWith('node:'))).toEqual(
      [],
    );
    expect(outputFiles[0]?.text).not.toMatch(/node:|\bBuffer\b|\brequire\(/);
  });

  it('makes a proof that a resource accepts, with nothing but what a browser has', async () => {
    const { outputFiles } = await bundle();
    const context = createContext({ ...browserGlobals });
    new Script(outputFiles[0]?.text ?? '').runInContext(context);
    const run = context['run'] as (now: number) => Promise<string>;
    const request = requestView({ headers: { dpop: await run(T0) } });
    const policy = dpopPolicy({
      algorithms: ['ES256'],
      maxAgeSeconds: 60,
      clockSkewSeconds: 30,
      nonces: { mode: 'off' },
    });
    expect(await checkDpopProof(request, policy, T0)).toMatchObject({ ok: true });
  });

  it.each(['core', 'pop'])('finds the browser files of %s before all others', async (lib) => {
    const text = await readFile(resolve(libs, lib, 'package.json'), 'utf8');
    const { exports } = JSON.parse(text) as { exports: { '.': Record<string, string> } };
    expect(Object.entries(exports['.'])[0]).toEqual(['browser', './dist/index.browser.js']);
  });
});

const browserGlobals = {
  atob,
  btoa,
  crypto,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
};
