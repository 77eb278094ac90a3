import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Which layer may import which, from the inside out: docs/decisions/0004-module-boundaries.md, whose drawing and check
 * (`npm run lint:imports`) read this too.
 */
export const layers = {
  core: [],
  machine: ['core'],
  workloads: ['core'],
  verify: ['core'],
  report: [],
  testkit: ['core', 'machine', 'verify', 'workloads'],
  strategy: ['core'],
  zoo: ['core', 'verify', 'strategy'],
  create: [],
  nx: ['create'],
  tools: ['nx', 'verify', 'testkit', 'core'],
  harness: ['core', 'machine', 'workloads', 'verify', 'report', 'testkit', 'strategy', 'zoo'],
};

/** @param {Record<string, string[]>} allowed */
function boundaries(allowed) {
  const depConstraints = Object.entries(allowed).map(([layer, targets]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: targets.map((target) => `layer:${target}`),
  }));
  return /** @type {const} */ (['error', { allow: [], enforceBuildableLibDependency: false, depConstraints }]);
}

const tests = ['**/*.test.ts', '**/*.test-d.ts', '**/test/**/*.ts'];

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/out-tsc/',
    '**/coverage/',
    '**/node_modules/',
    '.nx/',
    '.results/',
    'reports/',
    '**/starts/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layers),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': [
        'error',
        {
          // TypeScript has no #constructor.
          selector:
            ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"], TSParameterProperty)[accessibility="private"]',
          message: '#name: it is private at run time too.',
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['**/*.{ts,js}'], rules: { eqeqeq: 'error', 'max-lines': ['error', { max: 400 }] } },
  {
    // The tests of strategies, and of what makes them, may use the test kit; what is shipped may not.
    files: tests,
    rules: {
      '@nx/enforce-module-boundaries': boundaries({
        ...layers,
        strategy: ['core', 'testkit'],
        zoo: [...layers.zoo, 'testkit'],
        create: ['core', 'testkit'],
      }),
    },
  },
  // Its one import from outside the package is the workspace's own vitest.shared.ts.
  { files: ['**/vitest.config.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
);
