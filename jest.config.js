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
  projects: [
    project('libs', 'libs/*/src/**/*.spec.ts'),
    project('sample-app', 'sample-app/src/**/*.spec.ts', true),
    project('test', 'test/**/*.spec.ts'),
  ],
};
