import type { TargetConfiguration } from '@nx/devkit';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodes, type Options } from './plugin.ts';

let workspaceRoot: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspaceRoot, path)), { recursive: true });
  writeFileSync(join(workspaceRoot, path), text);
}

beforeAll(() => {
  workspaceRoot = mkdtempSync(join(tmpdir(), 's2bench-nx-'));
  for (const name of ['baseline', 'mine']) {
    write(`clone/strategies/${name}/package.json`, JSON.stringify({ name: `@s2bench/strategy-${name}` }));
    write(`other/strategies/${name}/package.json`, JSON.stringify({ name: `s2bench-strategy-${name}` }));
  }
  const keywords = ['s2bench-strategy', 's2bench-log-stop'];
  write('clone/strategies/zap/package.json', JSON.stringify({ name: '@s2bench/strategy-zap', keywords }));
  write('clone/harness/package.json', '{}');
  const report = (command: string): string =>
    JSON.stringify({ command, strategies: [{ name: 'mine' }, { name: 'gone' }] });
  write('clone/reports/a/results.json', report("s2bench run --strategy 'mine?threshold=16,64' --vcpus 4"));
  write('clone/reports/b/results.json', report('s2bench run; rm -rf /'));
});

afterAll(() => rmSync(workspaceRoot, { recursive: true, force: true }));

const LINT = { lintSources: 'eslint', lintDocuments: 'remark' };

/** Project root to project, of what one file stands for. */
async function infer(workspace: string, file: string, options: Options = LINT) {
  const context = { nxJsonConfiguration: {}, workspaceRoot: join(workspaceRoot, workspace) };
  const [result] = await createNodes[1]([file], options, context);
  return result?.[1].projects ?? {};
}

async function targetsOf(workspace: string, root: string): Promise<Record<string, TargetConfiguration>> {
  return (await infer(workspace, `${root}/package.json`))[root]?.targets ?? {};
}

describe('a strategy', () => {
  it('gets its targets, and the harness depends on it', async () => {
    expect(Object.keys(await targetsOf('clone', 'strategies/mine')).sort()).toEqual([
      'conformance',
      'lint',
      'matrix',
      'test',
      'verify',
    ]);
    const { harness } = await infer('clone', 'strategies/mine/package.json');
    expect(harness).toEqual({ implicitDependencies: ['@s2bench/strategy-mine'] });
  });
  it('is measured beside the baseline, by the command that one would type, in two sizes', async () => {
    const { matrix } = await targetsOf('clone', 'strategies/mine');
    expect(matrix?.defaultConfiguration).toBe('small');
    expect(matrix?.configurations).toMatchObject({
      small: { command: 's2bench run --strategy baseline,mine --vcpus 20 --out .results/mine/small' },
      full: {
        command: expect.stringMatching(
          /^s2bench run --strategy baseline,mine .*--stages all --out .results\/mine\/full$/,
        ) as string,
      },
    });
    expect(matrix?.inputs).toContainEqual({ input: 'production', projects: ['@s2bench/strategy-baseline'] });
    const { matrix: alone } = await targetsOf('clone', 'strategies/baseline');
    expect(alone?.configurations).toMatchObject({
      small: { command: expect.stringMatching(/--strategy baseline --vcpus/) as string },
    });
  });
  it('of hooks alone is measured and verified beside what the release does', async () => {
    const { matrix, verify } = await targetsOf('clone', 'strategies/zap');
    expect(verify?.command).toMatch(/^s2bench verify upstream --kernel '.*' --log-stop zap --out/);
    expect(matrix?.configurations).toMatchObject({
      small: {
        command: expect.stringMatching(
          /--strategy upstream --kernel v6.12 --log-stop upstream,zap --stages all/,
        ) as string,
      },
    });
  });
  it.each(['verify', 'matrix'])(
    '%s runs again when the simulator changes, its sources or its version',
    async (target) => {
      expect((await targetsOf('clone', 'strategies/mine'))[target]?.inputs).toContain(
        '{workspaceRoot}/packages/machine/src/**/*',
      );
      expect((await targetsOf('other', 'strategies/mine'))[target]?.inputs).toContainEqual({
        externalDependencies: ['s2bench'],
      });
    },
  );
});

describe('a report', () => {
  it('depends on the strategies that it holds and that are in the workspace', async () => {
    const { 'reports/a': project } = await infer('clone', 'reports/a/results.json');
    expect(project?.implicitDependencies).toEqual(['@s2bench/strategy-mine']);
  });
  it('is made again by its own command', async () => {
    const { 'reports/a': project } = await infer('clone', 'reports/a/results.json');
    expect(project?.targets?.['matrix']?.command).toBe(
      "s2bench run --strategy 'mine?threshold=16,64' --vcpus 4 --out reports/a",
    );
  });
  it('whose command is something else is not run', async () => {
    const { 'reports/b': project } = await infer('clone', 'reports/b/results.json');
    expect(project?.name).toBe('report-b');
    expect(project?.targets).toBeUndefined();
  });
});

describe('a document', () => {
  it('is a project of its own, with nothing but lint', async () => {
    const readme = 'strategies/mine/README.md';
    const { [readme]: project } = await infer('clone', readme);
    expect(project).toMatchObject({ name: readme, targets: { lint: { command: `remark ${readme}` } } });
    expect(Object.keys(project?.targets ?? {})).toEqual(['lint']);
    expect(Object.keys(await infer('clone', 'docs/decisions/0001-x.md'))).toEqual(['docs']);
  });
  it('is part of its package where no command lints it', async () => {
    expect(await infer('clone', 'strategies/mine/README.md', {})).toEqual({});
  });
});
