import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { restrictions } from '../../eslint.rules.js';

const linter = new Linter({ configType: 'flat' });
const configuration = [
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin as object },
    languageOptions: { parser: tseslint.parser as Linter.Parser },
  },
  ...restrictions,
];

/** The rules that refuse the code, as if it stood in that file. */
function refusals(file: string, code: string): (string | null)[] {
  const messages = linter.verify(code, configuration, { filename: file });
  return [...new Set(messages.map(({ ruleId }) => ruleId))];
}

const imports = '@typescript-eslint/no-restricted-imports';
const syntax = 'no-restricted-syntax';
const globals = 'no-restricted-globals';

describe('the direction of dependencies', () => {
  it.each([
    ['core imports pop', 'libs/core/src/http/x.ts', '@keybound/pop'],
    ['core imports a framework', 'libs/core/src/http/x.ts', '@nestjs/common'],
    ['core has no framework folder', 'libs/core/src/nest/x.ts', '@nestjs/common'],
    ['pop imports the client', 'libs/pop/src/dpop/x.ts', '@keybound/client'],
    ['pop imports a later lib', 'libs/pop/src/dpop/x.ts', '@keybound/authorization-server'],
    ['pop imports testing outside a spec', 'libs/pop/src/dpop/x.ts', '@keybound/testing'],
    ['pop outside its adapters imports Nest', 'libs/pop/src/dpop/x.ts', '@nestjs/common'],
    ['pop outside its adapters imports Express', 'libs/pop/src/dpop/x.ts', 'express'],
    ['pop outside its adapters imports its own', 'libs/pop/src/dpop/x.ts', '../nest/pop.guard.js'],
    ['the Express adapter imports Nest', 'libs/pop/src/express/x.ts', '@nestjs/common'],
    ['the Fastify adapter imports Express', 'libs/pop/src/fastify/x.ts', 'express'],
    ['the client imports testing', 'libs/client/src/x.ts', '@keybound/testing'],
    ['the client draws a framework by pop', 'libs/client/src/x.ts', '@keybound/pop/nest'],
    ['attestation imports federation', 'libs/attestation/src/x.ts', '@keybound/federation'],
    [
      'a plug-in imports the server',
      'libs/webid/src/authorization-server/x.ts',
      '@keybound/authorization-server',
    ],
    [
      'a plug-in imports values of the extension types',
      'libs/webid/src/authorization-server/x.ts',
      '@keybound/authorization-server/extension',
    ],
    [
      'a framework-free entry imports the extension types',
      'libs/webid/src/profile/x.ts',
      '@keybound/authorization-server/extension',
    ],
    ['a store imports values of pop', 'libs/storage-sql/src/x.ts', '@keybound/pop'],
    ['a lib imports the sample app', 'libs/testing/src/x.ts', 'sample-app'],
    ['a lib imports the sample app by path', 'libs/cli/src/x.ts', '../../../sample-app/src/x.js'],
    ['a lib imports another by path', 'libs/pop/src/dpop/x.ts', '../../../core/src/index.js'],
    ['the sample app imports private files', 'sample-app/src/x.ts', '@keybound/core/src/index.js'],
    ['the sample app imports by path', 'sample-app/src/x.ts', '../../libs/core/src/index.js'],
    ['pop imports jose', 'libs/pop/src/dpop/x.ts', 'jose'],
    ['core outside crypto imports node:crypto', 'libs/core/src/http/x.ts', 'node:crypto'],
    ['the sample app imports jose', 'sample-app/src/x.ts', 'jose'],
    ['core outside outgoing-http imports undici', 'libs/core/src/http/x.ts', 'undici'],
    ['the client imports undici', 'libs/client/src/x.ts', 'undici'],
    ['the sample app imports undici', 'sample-app/src/x.ts', 'undici'],
    ['a lib reads the high-resolution clock', 'libs/core/src/http/x.ts', 'node:perf_hooks'],
  ])('refuses that %s', (_what, file, module) => {
    expect(refusals(file, `import { x } from '${module}'; x();`)).toEqual([imports]);
    expect(refusals(file, `export { x } from '${module}';`)).toEqual([imports]);
  });

  it.each([
    ['libs/core/src/crypto/x.ts', 'jose'],
    ['libs/core/src/crypto/x.ts', 'node:crypto'],
    ['libs/core/src/outgoing-http/x.ts', 'undici'],
    ['libs/core/src/replay/x.spec.ts', '@keybound/testing'],
    ['libs/core/src/replay/x.spec.ts', 'jose'],
    ['libs/pop/src/dpop/x.ts', '@keybound/core'],
    ['libs/pop/src/nest/x.ts', '@nestjs/common'],
    ['libs/pop/src/nest/x.ts', '../dpop/check-dpop-proof.js'],
    ['libs/pop/src/express/x.ts', 'express'],
    ['libs/pop/src/fastify/x.ts', 'fastify'],
    ['libs/pop/src/passport/x.ts', 'passport'],
    ['libs/client/src/x.ts', '@keybound/pop'],
    ['libs/webid/src/nest/x.ts', '@keybound/pop/nest'],
    ['libs/credential-issuer/src/x.ts', '@keybound/attestation'],
    ['libs/storage-sql/src/x.ts', '@keybound/core'],
    ['libs/testing/src/x.ts', '@keybound/client'],
    ['libs/testing/src/x.ts', 'jose'],
    ['sample-app/src/x.ts', '@keybound/pop/nest'],
    ['sample-app/src/demo/x.ts', 'jose'],
    ['test/attacks/x.spec.ts', '../../sample-app/src/app.module.js'],
    ['bench/src/x.ts', 'node:perf_hooks'],
  ])('lets %s import %s', (file, module) => {
    expect(refusals(file, `import { x } from '${module}'; x();`)).toEqual([]);
  });

  it.each([
    ['libs/storage-sql/src/x.ts', '@keybound/authorization-server/extension'],
    ['libs/webid/src/authorization-server/x.ts', '@keybound/authorization-server/extension'],
    ['libs/pop/src/node-http/x.ts', 'node:http'],
  ])('lets %s import types of %s', (file, module) => {
    expect(refusals(file, `import type { Agent } from '${module}';`)).toEqual([]);
    expect(refusals(file, `import { Agent } from '${module}'; Agent();`)).toEqual([imports]);
  });

  it('knows dynamic imports too', () => {
    const code = "export const load = () => import('@keybound/client');";
    expect(refusals('libs/pop/src/dpop/x.ts', code)).toEqual([syntax]);
    expect(refusals('libs/testing/src/x.ts', code)).toEqual([]);
  });
});

describe('one place each', () => {
  const anywhere = 'libs/pop/src/dpop/x.ts';

  it.each([
    ['the clock', syntax, anywhere, 'Date.now()', 'libs/core/src/time/x.ts'],
    ['the clock by its constructor', syntax, anywhere, 'new Date()', 'libs/core/src/time/x.ts'],
    ['the clock in a spec', syntax, 'libs/core/src/x.spec.ts', 'Date.now()', 'bench/src/x.ts'],
    ['performance.now', globals, anywhere, 'performance.now()', 'bench/src/x.ts'],
    ['process.hrtime', syntax, anywhere, 'process.hrtime()', 'bench/src/x.ts'],
    ['fetch', globals, 'libs/client/src/x.ts', 'fetch("/")', 'libs/core/src/outgoing-http/x.ts'],
    ['globalThis.fetch', syntax, anywhere, 'globalThis.fetch("/")', 'sample-app/src/demo/x.ts'],
    ['the environment', syntax, anywhere, 'process.env', 'sample-app/src/main.ts'],
    ['the environment by name', syntax, anywhere, "process['env']", 'libs/cli/src/x.ts'],
    ['Web Cryptography', syntax, anywhere, 'crypto.subtle', 'libs/core/src/crypto/x.ts'],
    ['globalThis.crypto.subtle', syntax, anywhere, 'globalThis.crypto.subtle', 'test/x.spec.ts'],
  ])('keeps %s to its place', (_what, rule, elsewhere, code, place) => {
    expect(refusals(elsewhere, `export const x = ${code};`)).toEqual([rule]);
    expect(refusals(place, `export const x = ${code};`)).toEqual([]);
  });

  it('lets the client call the fetch that it is handed', () => {
    const code = 'export const get = (fetch: typeof globalThis.fetch) => fetch("/");';
    expect(refusals('libs/client/src/x.ts', code)).toEqual([]);
  });

  it('lets a given moment become a Date', () => {
    expect(refusals(anywhere, 'export const at = (ms: number) => new Date(ms);')).toEqual([]);
  });

  it.each([
    ['Math.random', 'export const x = Math.random();'],
    ['a default export', 'export default 1;'],
    ['a default export by name', 'const x = 1; export { x as default };'],
    ['export *', "export * from './x.js';"],
  ])('refuses %s everywhere', (_what, code) => {
    for (const file of [
      anywhere,
      'libs/testing/src/index.ts',
      'sample-app/src/x.ts',
      'bench/src/x.ts',
    ]) {
      expect(refusals(file, code)).toEqual([syntax]);
    }
  });
});
