const transform = (decoratorMetadata) => ({
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata },
      },
      module: { type: 'es6' },
    },
  ],
});

const project = (displayName, testMatch, decoratorMetadata = false) => ({
  displayName,
  testMatch: [`<rootDir>/${testMatch}`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: {
    customExportConditions: ['@keybound/source', 'node', 'node-addons'],
  },
  transform: transform(decoratorMetadata),
  setupFilesAfterEnv: ['<rootDir>/test/fail-on-unhandled.js'],
});

/** @type {import('jest').Config} */
export default {
  // Most of a run is loading modules, file by file: one worker for each core.
  maxWorkers: '100%',
  // For machines that are twenty times slower: no test waits for nothing, so a longer limit costs
  // nothing. Tests have none of their own.
  testTimeout: 300_000,
  // Modules of finished files are not given back to the worker that loaded them.
  workerIdleMemoryLimit: '1500MB',
  projects: [
    project('libs', 'libs/*/src/**/*.spec.ts'),
    project('sample-app', 'sample-app/src/**/*.spec.ts', true),
    // It boots the sample app, which Nest injects by types.
    project('test', 'test/**/*.spec.ts', true),
  ],
};
