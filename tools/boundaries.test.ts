import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import { beforeAll, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What keeps imports to their way. All other rules, which read every type, are the business of `npm run lint`. */
const RULES: readonly string[] = ['no-restricted-imports', '@nx/enforce-module-boundaries'];
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => RULES.includes(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

/** What lint says of a strategy that begins with this import. */
async function rulesBroken(importLine: string): Promise<(string | null)[]> {
  const text = `${importLine}\nexport default imported;\n`;
  const [result] = await eslint.lintText(text, { filePath: `${root}strategies/baseline/src/index.ts` });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

// The rule of Nx says nothing where no graph of the projects lies in the cache, as in a fresh clone.
beforeAll(() => createProjectGraphAsync());

it('a strategy may import the contract', async () => {
  expect(await rulesBroken("import { defineStrategy as imported } from '@s2bench/core';")).toEqual([]);
});

it('a strategy that imports the table is refused', async () => {
  expect(await rulesBroken("import { Stage2Table as imported } from '@s2bench/core/stage2';")).toContain(
    'no-restricted-imports',
  );
});

it('a strategy that imports what KVM does is refused', async () => {
  const rule = '@nx/enforce-module-boundaries';
  expect(await rulesBroken("import { walk as imported } from '@s2bench/kernel';")).toContain(rule);
  expect(await rulesBroken("import { walk as imported } from '../../../packages/kernel/src/v5/walker.ts';")).toContain(
    rule,
  );
});
