/** What workflows name is there: scripts, tools, folders that are not left out. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { ROOT } from './scratch-clone.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT }).map(
  (path) => [path, load(read(path)) as Workflow] as const,
);
const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const workflow = (name: string): Workflow => {
  const found = workflows.find(([path]) => path.endsWith(`/${name}.yml`));
  if (found === undefined) throw new Error(`no workflow is called ${name}`);
  return found[1];
};

describe.each(workflows)('%s', (_path, one) => {
  it('runs scripts and tools that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const commands = stepsOf(one)
      .map(({ run = '' }) => run)
      .join('\n');
    for (const [, name = ''] of commands.matchAll(/npm run (?:--silent )?([\w:]+)/g))
      expect(scripts).toHaveProperty([name]);
    for (const [, file = ''] of commands.matchAll(/node (\S+\.ts)/g))
      expect(existsSync(join(ROOT, file)), file).toBe(true);
  });

  it('uploads hidden folders where it names one', () => {
    const uploads = stepsOf(one).filter(
      ({ uses, with: given }) => uses?.startsWith('actions/upload-artifact') && /^\./.test(String(given?.['path'])),
    );
    for (const upload of uploads) expect(upload.with).toMatchObject({ 'include-hidden-files': true });
  });

  it('carries the folder that Nx is given, and no other', () => {
    const carried = stepsOf(one).flatMap(({ run }) => /carried-cache\.ts (\S+)/.exec(run ?? '')?.[1] ?? []);
    const kept = stepsOf(one).filter(({ uses }) => uses?.startsWith('actions/cache'));
    for (const step of kept) expect(carried).toContain(step.with?.['path']);
    expect(kept.map(({ uses }) => uses?.replace(/@.*/, ''))).toEqual(
      carried.flatMap(() => ['actions/cache/restore', 'actions/cache/save']),
    );
    // A cache is found again by what its key begins with.
    for (const { uses, with: given } of kept) {
      if (uses?.startsWith('actions/cache/restore') !== true) continue;
      const [first = ''] = String(given?.['restore-keys']).split('\n');
      expect(String(given?.['key']).startsWith(first)).toBe(true);
    }
  });
});

describe('a pull request', () => {
  it('is told what was found where a target has failed, in the summary in any case', () => {
    const steps = stepsOf(workflow('pull-request'));
    const affected = steps.findIndex(({ run }) => run?.includes('npm run affected'));
    const after = steps.slice(affected + 1);
    expect(after.length).toBeGreaterThanOrEqual(4);
    for (const step of after) expect(step.if).toBe('${{ !cancelled() }}');
    expect(after.some(({ run }) => run?.includes('GITHUB_STEP_SUMMARY'))).toBe(true);
  });

  it('may write nothing, since a fork sends its code; what may write runs none of it', () => {
    expect(workflow('pull-request').permissions).toEqual({ contents: 'read' });
    const comment = workflow('comment');
    expect(comment.on).toMatchObject({ workflow_run: { workflows: [workflow('pull-request').name] } });
    expect(stepsOf(comment).map(({ uses }) => uses?.replace(/@.*/, ''))).toEqual([
      'actions/download-artifact',
      undefined,
    ]);
    expect(stepsOf(comment)[1]?.run).not.toContain('${{');
  });

  it('is checked as main is', () => {
    const checks = (name: string) => stepsOf(workflow(name)).filter(({ run }) => run === 'npm run check');
    expect(checks('pull-request')).toHaveLength(1);
    expect(checks('main')).toHaveLength(1);
  });
});
