import { findProfile } from '@s2bench/machine';
import { type Cell, type StageResult } from '@s2bench/report/schema';
import { type Trace, traceSchema } from '@s2bench/report/trace';
import baseline from '@s2bench/strategy-baseline';
import installFirst from '@s2bench/strategy-install-first-no-cmo';
import { PAGE_TABLE_TEST } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from '../simulate/cell.ts';
import { traceCell } from './trace-cell.ts';

const PROFILE = findProfile('kunpeng920') ?? missing('profile kunpeng920');
const CELL: Cell = {
  strategy: baseline.name,
  vcpus: 4,
  memoryBytes: 8 * 2 ** 20,
  granuleBytes: 2 * 2 ** 20,
  pageSizeBytes: 4096,
  backing: 'hugetlb',
  history: 'block-first',
  profile: PROFILE.name,
  kernel: 'v5.12p1',
  workload: PAGE_TABLE_TEST.name,
  seed: 1,
};
const WHOLE = { stage: 'ADJUST', all: true, exact: true } as const;
const ROUNDING_NS = 2e-4;

function pluginsOf(strategy = baseline): Parameters<typeof simulateCell>[1] {
  return { strategy, workload: PAGE_TABLE_TEST, profile: PROFILE };
}

function trace(change: Partial<Parameters<typeof traceCell>[2]> = {}, cell = CELL, strategy = baseline): Trace {
  return traceCell(cell, pluginsOf(strategy), { ...WHOLE, ...change });
}

function result(cell = CELL, strategy = baseline): StageResult {
  return simulateCell(cell, pluginsOf(strategy), { stages: ['ADJUST'], exact: true })['ADJUST'] ?? missing('ADJUST');
}

function lengthOf(spans: readonly { readonly startNs: number; readonly endNs: number }[]): number {
  return spans.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
}

describe('the trace of a stage', () => {
  const whole = trace();
  const stage = result();

  it('is one by the schema', () => {
    expect(traceSchema.parse(structuredClone(whole))).toEqual(whole);
    expect(whole.scope).toBe('stage');
    expect(whole.leftOut).toBe(0);
  });

  it('has every window, stall and wait of the result, as long as it says', () => {
    expect(whole.windows).toHaveLength(stage.invalidWindow.count);
    expect(lengthOf(whole.windows)).toBeCloseTo(stage.invalidWindow.totalNs, 2);
    expect(Math.max(...whole.windows.map((window) => lengthOf([window])))).toBeCloseTo(
      stage.invalidWindow.longestNs,
      3,
    );
    expect(whole.faults).toHaveLength(stage.faults.translation + stage.faults.permission);
    expect(lengthOf(whole.states.filter(({ state }) => state === 'waiting'))).toBeCloseTo(stage.lockWaitNs, 2);
    const longest = Math.max(...whole.faults.map((fault) => lengthOf([fault])));
    // The result's histogram keeps three digits.
    expect(Math.abs(longest / stage.stallNs.max - 1)).toBeLessThan(0.001);
  });

  it('says where each vCPU is from the beginning of the stage to its end', () => {
    for (let vcpu = 0; vcpu < CELL.vcpus; vcpu++) {
      const own = whole.states.filter(({ agent }) => agent === vcpu);
      expect(own[0]?.startNs).toBe(0);
      for (const [index, { startNs }] of own.entries()) if (index > 0) expect(startNs).toBe(own[index - 1]?.endNs);
    }
    expect(Math.max(...whole.states.map(({ endNs }) => endNs))).toBeCloseTo(stage.timeNs, 3);
  });

  it('has each effect within a state of its agent, one after the other', () => {
    for (const { agent, startNs, endNs, effect } of whole.effects) {
      const around = whole.states.find(
        (span) => span.agent === agent && span.startNs <= startNs + ROUNDING_NS && span.endNs >= endNs - ROUNDING_NS,
      );
      expect(around?.state, effect).toMatch(/host|locked/);
    }
    const cleanedBytes = whole.effects.reduce(
      (sum, span) => sum + (span.effect === 'dcacheClean' ? (span.sizeBytes ?? 0) : 0),
      0,
    );
    expect(cleanedBytes).toBe(stage.cleanedBytes);
  });

  it('says how much of it is left out', () => {
    const spans = whole.states.length + whole.effects.length + whole.windows.length + whole.faults.length;
    const cut = trace({ mostSpans: 20 });
    expect(cut.states.length + cut.effects.length + cut.windows.length + cut.faults.length).toBe(20);
    expect(cut.leftOut).toBeGreaterThanOrEqual(spans - 20);
  });
});

describe('the trace around the longest window', () => {
  it.each([1, 4, 64])('is the fault that made it, and of all who were kept waiting: %d vCPUs', (vcpus) => {
    const cell = { ...CELL, vcpus };
    const around = trace({ all: false }, cell);
    const { longestNs } = result(cell).invalidWindow;
    expect(around.scope).toBe('window');
    expect(around.windows.some((window) => Math.abs(lengthOf([window]) - longestNs) < ROUNDING_NS)).toBe(true);
    expect(new Set(around.states.map(({ agent }) => agent)).size).toBe(vcpus);
    expect(lengthOf([around])).toBeLessThan(2 * longestNs + 1e6);
    for (const { startNs, endNs } of [...around.states, ...around.effects]) {
      expect(startNs).toBeGreaterThanOrEqual(around.startNs);
      expect(endNs).toBeLessThanOrEqual(around.endNs);
    }
  });

  it('is as short as the window is, where the block stands before the old table is freed', () => {
    const around = trace({ all: false }, { ...CELL, strategy: installFirst.name }, installFirst);
    const { longestNs } = result({ ...CELL, strategy: installFirst.name }, installFirst).invalidWindow;
    expect(Math.max(...around.windows.map((window) => lengthOf([window])))).toBeCloseTo(longestNs, 3);
  });

  it('is of the longest fault where nothing was out of reach', () => {
    const none = traceCell(CELL, pluginsOf(), { stage: 'CREATE', all: false, exact: true });
    expect(none.scope).toBe('fault');
    expect(none.windows).toEqual([]);
    const longest = Math.max(...none.faults.map((fault) => lengthOf([fault])));
    const created = simulateCell(CELL, pluginsOf(), { stages: ['CREATE'], exact: true })['CREATE'] ?? missing('CREATE');
    expect(Math.abs(longest / created.stallNs.max - 1)).toBeLessThan(0.001);
  });
});

it('a result is the same whether somebody listens or not', () => {
  const cell = { ...CELL, history: 'logging-first' };
  const before = result(cell);
  trace({}, cell);
  expect(result(cell)).toEqual(before);
});

function missing(name: string): never {
  throw new Error(`there is no ${name}`);
}
