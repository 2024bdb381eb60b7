import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { restrictions } from './eslint.rules.js';

export default defineConfig(
  globalIgnores(['**/dist/', '**/node_modules/', 'coverage/', '.keybound/']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      // One program over all sources: needs no build, and knows the specs that the libs leave out.
      parserOptions: { project: './tsconfig.eslint.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: true },
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An async function without await turns a throw into a rejection, which is what a port promises.
      '@typescript-eslint/require-await': 'off',
      // Nest's option types are classes in name only.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    // What `#platform` answers at once on Node, a browser answers with a promise.
    files: ['libs/core/src/**/*.ts'],
    rules: { '@typescript-eslint/await-thenable': 'off' },
  },
  {
    files: ['**/*.js'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  restrictions,
);
