import type { VerifyResult } from '@s2bench/verify';
import { displayWidth } from '@s2bench/report/text';
import { describe, expect, it } from 'vitest';
import { renderVerdicts } from './verdict-table.ts';
import type { Judgement } from './verdicts.ts';

const NAME = 'install-first-uniform-cmo?order=after-the-flush,threshold=16';
const RESULT = {
  strategy: NAME,
  kernel: 'v5.12p1',
  arch: 'strictest',
  world: 'partial-table-beyond-slot',
  history: 'logging-first',
  fwb: false,
  verdict: 'unsafe',
  rule: 'instruction-coherency',
  steps: 4,
  states: 1915,
  depth: 19,
  elapsedMs: 301,
  bytesPerState: 553,
  coalesces: ['4 of level 2; in the root'],
  branches: [],
} as unknown as VerifyResult;
const JUDGEMENT = {
  name: NAME,
  kernel: 'v5.12p1',
  isDeclared: true,
  isComplete: true,
  broken: ['instruction-coherency'],
  breaks: ['instruction-coherency', 'data-coherency'],
  unexpected: [],
  missing: [],
  untested: undefined,
} as unknown as Judgement;
const WORLD = { name: RESULT.world, histories: ['block-first', 'logging-first'] } as const;

function linesAt(columns: number): string[] {
  return renderVerdicts([RESULT], [JUDGEMENT], [WORLD], { columns, color: false }).split('\n');
}

describe('the table of verdicts', () => {
  it.each([80, 200])('is no wider than %d columns, and has world, rule, states and time', (columns) => {
    const lines = linesAt(columns);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    const text = lines.join('\n');
    for (const what of ['partial-table', 'instruction-coherency', '1915', '301 ms']) expect(text).toContain(what);
  });

  it('has a row in one line where there is room', () => {
    expect(linesAt(200)).toContain(
      '  partial-table-beyond-slot  logging-first  off  unsafe: instruction-coherency, 4 steps    1915     19  301 ms',
    );
  });

  it('does not count shapes where sections share the lock, and says so', () => {
    const shared = { ...RESULT, kernel: 'v6.12', coalesces: [] };
    const textOf = (results: VerifyResult[]): string =>
      renderVerdicts(results, [JUDGEMENT], [WORLD], { columns: 200, color: false });
    expect(textOf([shared])).toContain('\nshapes of coalesces: not written down of small worlds under v6.12\n');
    expect(textOf([shared])).not.toContain('0 shapes');
    expect(textOf([RESULT, shared])).toMatch(
      /\ncoalesces of 1 shapes: .*; not written down of small worlds under v6.12\n/,
    );
    expect(textOf([RESULT])).not.toContain('not written down');
  });
});
