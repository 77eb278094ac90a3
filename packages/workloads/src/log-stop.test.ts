/** What runs beside the end of logging, by hand. */
import { expect, it } from 'vitest';
import { accessesOf, PAGE_BYTES, SETTING } from '../test/accesses.ts';
import { workloadWith } from './define-workload.ts';
import { LOG_STOP } from './log-stop.ts';

const PAGES = SETTING.memoryBytes / PAGE_BYTES;

it('runs the same guests alone and beside the ioctl, which begins in the first quarter of what they compute', () => {
  const { stages } = workloadWith(LOG_STOP, { passes: 2, 'compute-ns': 50 }).plan(SETTING);
  const [run, off] = ['RUN', 'LOG_OFF'].map((name) => stages.find((stage) => stage.name === name)?.steps[0]);
  if (run?.kind !== 'guest' || off?.kind !== 'guest') throw new Error('a guest step is missing');
  expect(run.host).toBeUndefined();
  expect(off.host).toEqual([{ do: 'log-off', afterNs: (2 * PAGES * 50) / 4 }]);
  for (const vcpu of [0, 3]) expect(accessesOf(off.programOf(vcpu))).toEqual(accessesOf(run.programOf(vcpu)));
});

it('has every vCPU begin in its own part, and read each page once in each pass', () => {
  const { stages } = workloadWith(LOG_STOP, { passes: 2 }).plan(SETTING);
  const step = stages.find(({ name }) => name === 'RUN')?.steps[0];
  if (step?.kind !== 'guest') throw new Error('a guest step is missing');
  for (const vcpu of [0, 1, 3]) {
    const list = accessesOf(step.programOf(vcpu));
    expect(list).toHaveLength(2 * PAGES);
    expect(list[0]?.ipa).toBe(SETTING.baseIpa + (vcpu * SETTING.memoryBytes) / 4);
    for (const pass of [list.slice(0, PAGES), list.slice(PAGES)])
      expect(new Set(pass.map(({ ipa }) => ipa)).size).toBe(PAGES);
    expect(list.some(({ write }) => write)).toBe(false);
  }
});
