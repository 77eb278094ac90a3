import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ALL_COST_NAMES, COST_NAMES } from '@s2bench/machine';
import { findWorkload } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { calibrationPlanSchema, fittedCosts, PRESETS, STUDIES } from './index.ts';

describe('the registry', () => {
  it('has every folder with a study, by its name', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const folders = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/study.ts`));
    expect(STUDIES.map(({ name }) => name).sort()).toEqual(folders.sort());
  });

  it('has one preset of each name, the first of a study named as it is', () => {
    const names = PRESETS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(STUDIES.map(({ presets }) => presets[0]?.name)).toEqual(STUDIES.map(({ name }) => name));
  });
});

describe.each(PRESETS)('the preset $name', ({ seeAlso = [], variants }) => {
  it('points to presets that there are', () => {
    expect(PRESETS.map(({ name }) => name)).toEqual(expect.arrayContaining([...seeAlso]));
  });

  it('has variants in their order, told by the same options', () => {
    if (variants === undefined) return;
    expect(variants.map(({ name }) => name)).toEqual(['before', 'after']);
    const [before, after] = variants.map(({ lists }) => Object.keys(lists));
    expect(after).toEqual(before);
  });
});

describe.each(STUDIES)('$name', ({ figures, calibration }) => {
  it('has figures of stages that there are', () => {
    for (const { stage, seconds, workload: own } of figures?.stageTimes ?? []) {
      const workload = findWorkload((own ?? figures?.machine.workload)?.split('?')[0] ?? '');
      expect(workload?.stages).toContain(stage);
      expect(seconds.length).toBeGreaterThan(0);
    }
  });

  it('has a calibration that fits some costs and gives the others', async () => {
    const { plan } = (await calibration?.()) ?? {};
    if (plan === undefined) return;
    const fitted = fittedCosts(calibrationPlanSchema.parse(plan));
    expect(fitted.length).toBeGreaterThan(0);
    expect(fitted.length).toBeLessThan(COST_NAMES.length);
    for (const { of: parts = {} } of figures?.unitCosts ?? [])
      expect(ALL_COST_NAMES).toEqual(expect.arrayContaining(Object.keys(parts)));
  });
});
