/*
 * Who may import what, and who may touch the clock, the network, the environment and cryptography.
 *
 * The tables below are the rules; the rest of the file turns them into ESLint's. They stand apart from
 * `eslint.config.js` so that `test/architecture` can prove that a violation is refused.
 */

/**
 * @typedef {object} Lib
 * @property {string} name
 * @property {string[]} imports
 * @property {string[]} [types]
 * @property {(keyof typeof adapterFolders)[]} [adapters]
 * @property {boolean} [plugIn]
 *
 * @typedef {object} Zone
 * @property {string[]} files
 * @property {string[]} ours What it may import of ours.
 * @property {string[]} [types] What only `import type` may name.
 * @property {string[]} [packages] Frameworks that it may import.
 * @property {boolean} [adapter] Whether it may import the framework folders of its lib.
 * @property {boolean} [application] Whether it may import any framework.
 * @property {boolean} [sampleApp] Whether it may import the sample app.
 * @property {(keyof typeof bans)[]} may
 *
 * @typedef {object} ModuleBan By names, in which a star stands for any rest, or by regular expression.
 * @property {string[]} [packages]
 * @property {string} [regex]
 * @property {string[]} [names] Only these of its names, and only as values.
 * @property {boolean} [allowTypeImports]
 * @property {string} message
 *
 * @typedef {{ name: string, message: string }} GlobalBan
 * @typedef {{ selector: string, message: string }} SyntaxBan
 */

const core = '@keybound/core';
const pop = '@keybound/pop';
const extension = '@keybound/authorization-server/extension';

/** The folders of a lib that wire it to a framework, each with the packages that it may import. */
const adapterFolders = {
  nest: ['@nestjs/*', 'rxjs', 'rxjs/*', 'reflect-metadata', 'express', 'fastify', 'passport'],
  express: ['express'],
  fastify: ['fastify', 'fastify-plugin', '@fastify/*'],
  passport: ['passport', 'passport-*', 'express'],
};
const frameworks = [...new Set(Object.values(adapterFolders).flat())];

/**
 * One line for each lib. `imports` is what its framework-free part may import of ours; `types`, what
 * only `import type` may name besides; `adapters`, its framework folders, which may import the
 * framework entries of `pop` too; `plugIn`, whether it has a part for the authorization server.
 */
const libs = /** @type {Lib[]} */ ([
  { name: 'core', imports: [] },
  { name: 'pop', imports: [core], adapters: ['nest', 'express', 'fastify', 'passport'] },
  { name: 'client', imports: [core, pop] },
  { name: 'authorization-server', imports: [core, pop], adapters: ['nest', 'express'] },
  { name: 'attestation', imports: [core, pop], adapters: ['nest'], plugIn: true },
  { name: 'federation', imports: [core, pop], adapters: ['nest'], plugIn: true },
  { name: 'webid', imports: [core, pop], adapters: ['nest'], plugIn: true },
  {
    name: 'credential-issuer',
    imports: [core, pop, '@keybound/attestation'],
    adapters: ['nest'],
    plugIn: true,
  },
  { name: 'storage-sql', imports: [core], types: ['@keybound/*'] },
  { name: 'storage-redis', imports: [core], types: ['@keybound/*'] },
]);

const everyLib = ['@keybound/*'];

/**
 * The zones of the tree. Where two match a file the later one counts, so the general come first.
 *
 * `may` lifts bans: `crypto` (jose, node:crypto), `clock`, `outgoing` (HTTP requests), `environment`.
 */
const zones = /** @type {Zone[]} */ ([
  ...libs.flatMap(({ name, imports, types = [], adapters = [], plugIn = false }) => {
    const src = `libs/${name}/src`;
    const free = { files: [`${src}/**/*.ts`], ours: imports, types, packages: [], may: [] };
    const wired = {
      ...free,
      ours: adapters.length > 0 && name !== 'pop' ? [...imports, `${pop}/*`] : imports,
      types: plugIn ? [...types, extension] : types,
      adapter: true,
    };
    return [
      free,
      ...(plugIn
        ? [{ ...free, files: [`${src}/authorization-server/**/*.ts`], types: [extension] }]
        : []),
      ...adapters.map((folder) => ({
        ...wired,
        files: [`${src}/${folder}/**/*.ts`],
        packages: adapterFolders[folder],
      })),
      {
        ...wired,
        files: [`${src}/**/*.spec.ts`],
        ours: [...wired.ours, '@keybound/testing'],
        packages: frameworks,
        may: ['crypto', 'outgoing', 'environment'],
      },
    ];
  }),
  { files: ['libs/core/src/crypto/**/!(*.spec).ts'], ours: [], packages: [], may: ['crypto'] },
  { files: ['libs/core/src/time/**/!(*.spec).ts'], ours: [], packages: [], may: ['clock'] },
  {
    files: ['libs/core/src/outgoing-http/**/!(*.spec).ts'],
    ours: [],
    packages: [],
    may: ['outgoing'],
  },
  {
    files: ['libs/cli/src/**/*.ts'],
    ours: everyLib,
    packages: frameworks,
    adapter: true,
    may: ['environment'],
  },
  {
    files: ['libs/testing/src/**/*.ts'],
    ours: everyLib,
    packages: frameworks,
    adapter: true,
    may: ['crypto', 'outgoing', 'environment'],
  },
  { files: ['sample-app/src/**/*.ts'], ours: everyLib, application: true, may: ['environment'] },
  {
    files: ['sample-app/src/keys/connect-to-socket.ts'],
    ours: everyLib,
    application: true,
    may: ['environment', 'outgoing'],
  },
  {
    files: ['sample-app/src/demo/**/*.ts', 'sample-app/src/**/*.spec.ts'],
    ours: everyLib,
    application: true,
    may: ['environment', 'crypto', 'outgoing'],
  },
  {
    files: ['test/**/*.{ts,js}'],
    ours: everyLib,
    application: true,
    sampleApp: true,
    may: ['environment', 'crypto', 'outgoing'],
  },
  {
    files: ['bench/src/**/*.ts'],
    ours: everyLib,
    application: true,
    sampleApp: true,
    may: ['environment', 'crypto', 'outgoing', 'clock'],
  },
]);

const clock = 'Only libs/core/src/time reads the clock: take a Clock, or the time as an argument.';
const outgoing =
  'Only libs/core/src/outgoing-http makes requests: call the fetch that you are handed.';
const cryptography = 'Cryptography lives in libs/core/src/crypto.';
const environment = 'Only sample-app, cli, bench and tests read the environment: take an option.';

/**
 * What each permission of a zone lifts.
 *
 * @satisfies {Record<string, { modules: ModuleBan[], globals: GlobalBan[], syntax: SyntaxBan[] }>}
 */
const bans = {
  crypto: {
    modules: [{ packages: ['jose', 'jose/*', 'node:crypto', 'crypto'], message: cryptography }],
    globals: [],
    // The global object's random numbers stay allowed: they are the same on Node and in browsers.
    syntax: [
      { selector: member('crypto', 'subtle'), message: cryptography },
      {
        selector: 'MemberExpression[object.property.name="crypto"][property.name="subtle"]',
        message: cryptography,
      },
    ],
  },
  clock: {
    modules: [{ packages: ['node:perf_hooks', 'perf_hooks'], message: clock }],
    globals: [{ name: 'performance', message: clock }],
    syntax: [
      { selector: member('Date', 'now'), message: clock },
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock },
      { selector: 'CallExpression[callee.name="Date"]', message: clock },
      { selector: member('process', 'hrtime|uptime'), message: clock },
      { selector: member('globalThis', 'performance|Date'), message: clock },
    ],
  },
  outgoing: {
    modules: [
      {
        packages: ['undici', 'undici/*', 'node:http2', 'node:dns', 'node:dns/*'],
        message: outgoing,
      },
      {
        packages: ['node:http', 'node:https'],
        names: ['default', 'request', 'get', 'Agent', 'ClientRequest', 'globalAgent'],
        message: outgoing,
      },
      {
        packages: ['node:net', 'node:tls'],
        names: ['default', 'connect', 'createConnection', 'Socket', 'TLSSocket'],
        message: outgoing,
      },
    ],
    globals: ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => ({
      name,
      message: outgoing,
    })),
    syntax: [{ selector: member('globalThis', 'fetch|WebSocket|EventSource'), message: outgoing }],
  },
  environment: {
    modules: [{ packages: ['node:process'], names: ['default', 'env'], message: environment }],
    globals: [],
    syntax: [{ selector: member('process', 'env'), message: environment }],
  },
};

const bannedEverywhere = [
  {
    selector: member('Math', 'random'),
    message: 'Guessable: use crypto.getRandomValues or crypto.randomUUID.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Named exports only.' },
  { selector: 'ExportAllDeclaration', message: 'A public name is a decision: list the names.' },
];

/** The restriction rules as flat configuration, without plug-ins and parser: see `eslint.config.js`. */
export const restrictions = zones.map(restrict);

/**
 * @param {Zone} zone
 * @returns {import('eslint').Linter.Config}
 */
function restrict(zone) {
  const lifted = /** @type {string[]} */ (zone.may);
  const active = Object.entries(bans).flatMap(([name, ban]) =>
    lifted.includes(name) ? [] : [ban],
  );
  /** @type {ModuleBan[]} */
  const modules = [...active.flatMap((ban) => ban.modules), ...bannedImports(zone)];
  const dynamic = modules
    .filter(({ allowTypeImports }) => allowTypeImports !== true)

    .map(({ packages = [], regex = anyOf(packages), message }) => ({
      selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\/')}/]`,
      message,
    }));
  return {
    name: `keybound/restrictions/${zone.files[0]}`,
    files: zone.files,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: modules.map(toImportPattern) },
      ],
      'no-restricted-globals': ['error', ...active.flatMap((ban) => ban.globals)],
      'no-restricted-syntax': [
        'error',
        ...bannedEverywhere,
        ...active.flatMap((ban) => ban.syntax),
        ...dynamic,
      ],
    },
  };
}

/**
 * Which of our packages, frameworks and folders a zone may not import.
 *
 * @param {Zone} zone
 * @returns {ModuleBan[]}
 */
function bannedImports({ ours, types = [], packages = [], adapter, application, sampleApp }) {
  const direction = 'Dependencies point one way: see the table in eslint.rules.js.';
  const free = 'Only the nest, express, fastify and passport folders know a framework.';
  return [
    { regex: `^@keybound/${noneOf([...ours, ...types], '@keybound/')}`, message: direction },
    ...(types.length > 0
      ? [
          {
            regex: `^@keybound/${noneOf(ours, '@keybound/')}`,
            allowTypeImports: true,
            message: `${direction} Types only.`,
          },
        ]
      : []),
    { regex: '^@keybound/[^/]+/(src|dist)(/|$)', message: 'Import by public entry points only.' },
    ...(sampleApp
      ? []
      : [
          {
            regex: '^(@keybound/sample-app|sample-app)(/|$)|^\\.\\.?/.*\\bsample-app/',
            message: 'Nothing imports the sample app.',
          },
          {
            regex: '^\\.\\.?/(.*/)?(src|dist)/',
            message: 'A relative import stays inside its lib: import the other by its name.',
          },
        ]),
    ...(application
      ? []
      : [
          {
            regex: `^${noneOf(packages)}${anyOf([...frameworks, 'koa', 'hono']).slice(1)}`,
            message: free,
          },
        ]),
    ...(application || adapter
      ? []
      : [{ regex: `^\\.\\.?/(.*/)?(${Object.keys(adapterFolders).join('|')})/`, message: free }]),
  ];
}

/** @param {ModuleBan} ban */
function toImportPattern({
  packages = [],
  regex = anyOf(packages),
  names,
  message,
  allowTypeImports,
}) {
  return {
    regex,
    message,
    ...(names ? { importNames: names, allowTypeImports: true } : {}),
    ...(allowTypeImports ? { allowTypeImports } : {}),
  };
}

/**
 * A member read by its name or by a string, e.g. `process.env` and `process['env']`.
 *
 * @param {string} object
 * @param {string} property Alternatives stand between bars.
 */
function member(object, property) {
  const named = `[object.name="${object}"]`;
  return `MemberExpression${named}:matches([property.name=/^(${property})$/],[property.value=/^(${property})$/])`;
}

/** @param {string[]} packages */
function anyOf(packages) {
  return `^(${packages.map((name) => name.replaceAll('*', '.+')).join('|')})$`;
}

/**
 * A lookahead that refuses the names of a list, taken after a prefix.
 *
 * @param {string[]} packages
 * @param {string} prefix
 */
function noneOf(packages, prefix = '') {
  if (packages.length === 0) return '';
  const names = packages.map((name) => name.slice(prefix.length).replaceAll('*', '.+'));
  return `(?!(${names.join('|')})$)`;
}
