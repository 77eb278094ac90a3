import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { loadVitest, requireRun, RunnerError } from './runner.ts';

/** Imports the test kit in a process of its own, with Vitest or without. */
function importKit({ hasVitest }: { readonly hasVitest: boolean }, then = ''): string {
  // Node's own words for what is missing, with the name that it is missing by.
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (specifier !== 'vitest') return next(specifier, context);
      try { return next('no-such-package', context); }
      catch (error) { error.message = error.message.replace('no-such-package', 'vitest'); throw error; }
    } });`;
  const url = new URL('./index.ts', import.meta.url).href;
  const program = `${hasVitest ? '' : hook}
    const { testStrategy } = await import('${url}');
    ${then}`;
  const { VITEST: _, ...env } = process.env;
  const args = ['--conditions=@s2bench/source', '--input-type=module', '--eval', program];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env }).stderr;
}

describe('the test kit', () => {
  it('says in one line that it needs Vitest, where that is not installed', () => {
    const said = importKit({ hasVitest: false });
    expect(said).toMatch(/^\[RunnerError: @s2bench\/testkit: needs Vitest 5 or newer, [^\n]+ vitest \([^\n]+\)\]$/m);
    expect(said).not.toMatch(/^ +at /m);
  });

  it('says in one line how a suite is run, where nobody runs it', () => {
    const said = importKit({ hasVitest: true }, 'testStrategy({});');
    expect(said).toMatch(
      /^\[RunnerError: @s2bench\/testkit: testStrategy declares [^\n]+ npx vitest run FILE, [^\n]+\]$/m,
    );
  });

  it('takes no other failure for it', async () => {
    const other = Object.assign(new Error("Cannot find package 'zod'"), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadVitest(() => Promise.reject(other))).rejects.toBe(other);
    const broken = new Error("'vitest' is broken");
    await expect(loadVitest(() => Promise.reject(broken))).rejects.toBe(broken);
  });

  it('knows that it is run here', () => {
    expect(() => {
      requireRun();
    }).not.toThrow();
    expect(() => {
      requireRun({});
    }).toThrow(RunnerError);
  });
});
