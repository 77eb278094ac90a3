import { describe, expect, it } from 'vitest';
import type { Cell } from '@s2bench/report/schema';
import { readLayout, requireReference } from './layout.ts';

describe('the layout of a table', () => {
  it('is none where no flag asks for one', () => {
    expect(readLayout({})).toBeUndefined();
  });

  it('takes axes as their flags are written', () => {
    expect(readLayout({ rows: 'page-size, memory', cols: 'vcpus' })).toEqual({
      rows: ['pageSizeBytes', 'memoryBytes'],
      cols: 'vcpus',
      reference: undefined,
    });
  });

  it.each([
    [{ rows: 'vcpu' }, '--rows vcpu: unknown axis; did you mean vcpus?'],
    [{ cols: 'stages' }, '--cols stages: unknown axis; did you mean '],
    [{ rows: 'vcpus', cols: 'vcpus' }, '--cols vcpus: stands in --rows too'],
  ])('%j is refused in one line', (flags, line) => {
    expect(() => readLayout(flags)).toThrow(line);
  });

  it('needs the strategy that others are set beside', () => {
    const cells = [{ strategy: 'baseline' } as Cell];
    const layout = readLayout({ reference: 'basline' });
    expect(() => requireReference(layout, cells)).toThrow('--reference basline: no cell of the matrix has it; did you');
    expect(() => requireReference(readLayout({ reference: 'baseline' }), cells)).not.toThrow();
  });
});
