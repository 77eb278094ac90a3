/** What the passes of dirty-log-perf access, by hand. */
import { describe, expect, it } from 'vitest';
import { type Access, accessesOf, BLOCK_BYTES, PAGE_BYTES, SETTING, stepsOfStage } from '../test/accesses.ts';
import { DIRTY_LOG_PERF } from './dirty-log-perf.ts';
import { workloadWith } from './define-workload.ts';
import type { Workload } from './workload.ts';

/** Two blocks of each of four vCPUs. */
const REGION_PAGES = (2 * BLOCK_BYTES) / PAGE_BYTES;

function accesses(workload: Workload, stage: string, vcpu: number): Access[] {
  return stepsOfStage(workload, SETTING, stage).flatMap((step) => accessesOf(step.programOf(vcpu)));
}

/** Places in a vCPU's own region, in pages. */
function pagesOf(list: readonly Access[], vcpu: number): number[] {
  return list.map(({ ipa }) => (ipa - SETTING.baseIpa) / PAGE_BYTES - vcpu * REGION_PAGES);
}

describe('dirty-log-perf', () => {
  it.each([0, 3])('populates all of the region of vCPU %d, whatever its passes do', (vcpu) => {
    for (const given of [{}, { 'write-percent': 0, order: 'random' as const, stride: 'block' }]) {
      const list = accesses(workloadWith(DIRTY_LOG_PERF, given), 'POPULATE', vcpu);
      expect(list.every(({ write }) => write)).toBe(true);
      expect(pagesOf(list, vcpu)).toEqual(Array.from({ length: REGION_PAGES }, (_, page) => page));
    }
  });

  it('has a GET, and with manual protection a CLEAR, for each pass', () => {
    expect(DIRTY_LOG_PERF.stages.join(' ')).toBe('POPULATE LOG_ON DIRTY1 GET1 CLEAR1 DIRTY2 GET2 CLEAR2 LOG_OFF');
    const without = workloadWith(DIRTY_LOG_PERF, { iterations: 3, 'manual-protect': 'off' });
    expect(without.stages.join(' ')).toBe('POPULATE LOG_ON DIRTY1 GET1 DIRTY2 GET2 DIRTY3 GET3 LOG_OFF');
    expect(without.plan(SETTING).dirtyLog).toEqual({
      manualProtect: false,
      initiallySet: false,
      splitChunkBytes: 0,
    });
  });

  it.each([
    ['block', [0, 512]],
    ['2M', [0, 512]],
    ['1M', [0, 256, 512, 768]],
  ])('with a stride of %s writes once in each', (stride, pages) => {
    const list = accesses(workloadWith(DIRTY_LOG_PERF, { stride }), 'DIRTY2', 1);
    expect(pagesOf(list, 1)).toEqual(pages);
    expect(list.every(({ write }) => write)).toBe(true);
  });

  it('writes by chance, in order, and otherwise in every pass', () => {
    const workload = workloadWith(DIRTY_LOG_PERF, { 'write-percent': 25 });
    const passes = ['DIRTY1', 'DIRTY2'].map((stage) => accesses(workload, stage, 2));
    for (const list of passes) {
      expect(pagesOf(list, 2)).toEqual(Array.from({ length: REGION_PAGES }, (_, page) => page));
      const writes = list.filter(({ write }) => write).length / REGION_PAGES;
      expect(Math.abs(writes - 0.25)).toBeLessThan(0.05);
    }
    expect(passes[0]).not.toEqual(passes[1]);
  });

  it('draws as many pages as there are, of its own region, where the order is random', () => {
    const list = accesses(workloadWith(DIRTY_LOG_PERF, { order: 'random' }), 'DIRTY1', 3);
    const pages = pagesOf(list, 3);
    expect(pages).toHaveLength(REGION_PAGES);
    expect(pages.every((page) => Number.isInteger(page) && page >= 0 && page < REGION_PAGES)).toBe(true);
    // Drawn with replacement a fraction of 1 - 1/e is met.
    expect(Math.abs(new Set(pages).size / REGION_PAGES - 0.632)).toBeLessThan(0.04);
  });
});
