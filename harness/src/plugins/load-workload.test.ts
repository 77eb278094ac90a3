import { fileURLToPath, pathToFileURL } from 'node:url';
import { TEARDOWN, WORKLOADS } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { loadWorkload, metadataOf } from './load-workload.ts';
import { loadForeignWorkloads, parseWorkload } from './workloads.ts';

const MINE = fileURLToPath(new URL('../../test/fixtures/mine-workload.ts', import.meta.url));
const ORIGIN = { cwd: '/', origin: '--workload', builtIn: WORKLOADS };
const SETTING = {
  baseIpa: 0,
  memoryBytes: 2 ** 21,
  granuleBytes: 2 ** 21,
  pageSizeBytes: 4096,
  vcpus: 1,
  history: 'untouched',
  seed: 0,
};

describe('loadWorkload', () => {
  it('gives a module’s workload the options of its URL', async () => {
    const workload = await loadWorkload(`${pathToFileURL(MINE).href}?passes=2`);
    expect(workload).toMatchObject({ name: 'mine?passes=2', stages: ['PASS1', 'PASS2'], memoryOf: 'slot' });
    expect(workload.plan(SETTING).stages.map(({ name }) => name)).toEqual(['PASS1', 'PASS2']);
  });

  it.each([
    ['passes=0', /^option passes=0: must be a whole number from 1 to 9/],
    ['pass=2', /^option pass: unknown option of mine; did you mean passes\?/],
  ])('refuses the options %s', async (options, message) => {
    await expect(loadWorkload(`${pathToFileURL(MINE).href}?${options}`)).rejects.toThrow(message);
  });

  it('refuses a module that is none', async () => {
    await expect(loadWorkload(new URL('./no-such.ts', import.meta.url).href)).rejects.toThrow(/^cannot be loaded: /);
  });
});

describe('what a module exports', () => {
  it.each([
    [undefined, /^not a workload: write "export default defineWorkload/],
    [{ ...TEARDOWN, name: 'My load' }, /^not a workload: name: must be lower-case words/],
    [{ ...TEARDOWN, contractVersion: 2 }, /^not a workload: contractVersion: must be 1; /],
    [{ ...TEARDOWN, histories: [] }, /^not a workload: histories: must name one/],
    [{ ...TEARDOWN, stages: ['unmap'] }, /^not a workload: stages\.0: must be the name of a stage, in capitals/],
    [{ ...TEARDOWN, stages: ['UNMAP', 'UNMAP'] }, /^not a workload: stages: one stands there twice$/],
    [{ ...TEARDOWN, memoryOf: 'guest' }, /^not a workload: memoryOf: must be 'slot' or 'vcpu'$/],
    [{ ...TEARDOWN, needs: ['luck'] }, /^not a workload: needs\.0: must be 'eager-split'$/],
    [{ ...TEARDOWN, plan: 7 }, /^not a workload: plan: must be a function/],
  ])('%# is refused in one line', (exported, message) => {
    expect(() => metadataOf(exported)).toThrow(message);
  });

  it('is a workload where it is one', () => {
    expect(metadataOf(TEARDOWN)).toMatchObject({ name: 'teardown', stages: TEARDOWN.stages });
  });
});

describe('workloads of a matrix', () => {
  it('are found by their path, each with its options, and those of s2bench by their names', async () => {
    const texts = ['teardown', `${MINE}?passes=1`, `${MINE}?passes=3`];
    const foreign = await loadForeignWorkloads(texts, ORIGIN);
    const found = texts.map((text) => parseWorkload(text, '--workload', { builtIn: WORKLOADS, foreign }));
    expect(found.map(({ name }) => name)).toEqual(['teardown', 'mine?passes=1', 'mine?passes=3']);
    expect(found[2]?.location?.entryUrl).toMatch(/mine-workload\.ts\?passes=3$/);
  });

  it('are refused by their option and text where there is nothing, or another has the name', async () => {
    await expect(loadForeignWorkloads(['./none.ts'], ORIGIN)).rejects.toThrow(
      /^--workload \.\/none\.ts: there is no such file or folder$/,
    );
    const builtIn = [{ ...TEARDOWN, name: 'mine' }];
    await expect(loadForeignWorkloads([MINE], { ...ORIGIN, builtIn })).rejects.toThrow(
      /: is named mine, as mine is; give one of them another name$/,
    );
  });
});
