import { readdirSync } from 'node:fs';
import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Which layer may import which, from the inside out: docs/decisions/0004-module-boundaries.md, whose drawing and check
 * (`npm run lint:imports`) read this too.
 */
export const layers = {
  core: [],
  kernel: ['core'],
  machine: ['core', 'kernel'],
  workloads: ['core', 'kernel'],
  verify: ['core', 'kernel'],
  report: [],
  testkit: ['core', 'kernel', 'machine', 'verify', 'workloads'],
  strategy: ['core'],
  zoo: ['core', 'kernel', 'verify', 'strategy'],
  studies: ['core', 'kernel', 'machine', 'workloads', 'verify', 'report', 'strategy'],
  create: [],
  nx: ['create'],
  tools: ['nx', 'verify', 'testkit', 'report', 'core'],
  harness: [
    'core',
    'kernel',
    'machine',
    'workloads',
    'verify',
    'report',
    'testkit',
    'strategy',
    'zoo',
    'studies',
    'create',
  ],
};

/** The rooms of the harness, the ground first: each imports from those before it, never from those after. */
const rooms = [
  'cli',
  'plugins',
  'options',
  'plan',
  'execute',
  'report',
  'commands',
  'command-lines',
  'command-line.ts',
  'main.ts',
];

const unordered = readdirSync(new URL('harness/src/', import.meta.url)).filter(
  (name) => !name.endsWith('.test.ts') && !rooms.includes(name),
);
if (unordered.length > 0) {
  throw new Error(
    `harness/src/${unordered.join(', ')}: has no place among the rooms; eslint.config.js says their order`,
  );
}

/** Whatever names a module of a higher room, be it loaded now or later, for its values or its types. */
const oneWay = rooms.slice(0, -1).map((room, floor) => {
  const above = rooms.slice(floor + 1).map((name) => name.replace('.', String.raw`\.`));
  const source = String.raw`^(\.{1,2}\u002F)+(${above.join('|')})($|\u002F)`;
  const kinds = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression'];
  const message = `${room} stands below: ${rooms.join(' → ')} is the order of the harness, and imports run down.`;
  const selector = `:matches(${[...kinds, 'TSImportType'].join(', ')})[source.value=/${source}/]`;
  return {
    files: [`harness/src/${room.endsWith('.ts') ? room : `${room}/**/*.ts`}`],
    rules: { 'no-restricted-syntax': ['error', { selector, message }] },
  };
});

/** @param {Record<string, string[]>} allowed */
function boundaries(allowed) {
  const depConstraints = Object.entries(allowed).map(([layer, targets]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: targets.map((target) => `layer:${target}`),
  }));
  // What one command alone needs is loaded by that command; a worker, a thread of its own, has it from the begin.
  const checkDynamicDependenciesExceptions = ['@s2bench/**'];
  const options = {
    allow: [],
    enforceBuildableLibDependency: false,
    checkDynamicDependenciesExceptions,
    depConstraints,
  };
  return /** @type {const} */ (['error', options]);
}

/**
 * Where all is linted, all is one program: what a package and its tests import is else read and checked anew for each of
 * them, which takes half as long again. Of one package its own program is the quicker one, and what an editor has.
 */
const program = process.env['S2BENCH_LINT_ALL'] === '1' ? { project: './tsconfig.all.json' } : { projectService: true };

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
    languageOptions: { parserOptions: { ...program, tsconfigRootDir: import.meta.dirname } },
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
  {
    // What `@s2bench/core` exports is what a strategy may touch: docs/decisions/0004-module-boundaries.md.
    files: ['strategies/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@s2bench/core/*'], message: 'A strategy touches the contract alone: import @s2bench/core.' },
          ],
        },
      ],
    },
  },
  ...oneWay,
  // Its one import from outside the package is the workspace's own vitest.shared.ts.
  { files: ['**/vitest.config.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
);
