import { describe, expect, it } from 'vitest';
import { MOST_TRACED, readTraceTarget, requireFewCells } from './trace-target.ts';

describe('--trace', () => {
  it('is written as what its name says, else for Perfetto', () => {
    const formatOf = (trace: string) => readTraceTarget({ trace }, '/here')?.format;
    expect(['a.json', 'a.svg', 'a.pftrace', 'a'].map(formatOf)).toEqual(['json', 'svg', 'perfetto', 'perfetto']);
    expect(readTraceTarget({ trace: 'x/a.json' }, '/here')).toMatchObject({
      path: '/here/x/a.json',
      folder: '/here/x',
    });
    expect(readTraceTarget({}, '/here')).toBeUndefined();
  });

  it('refuses in one line what cannot be', () => {
    expect(() => readTraceTarget({ trace: '' }, '/')).toThrow(/^--trace : is no file; name one/);
    expect(() => readTraceTarget({ traceAll: true }, '/')).toThrow(/^--trace-all: .*--trace$/);
    expect(() => readTraceTarget({ trace: 'a.svg', traceAll: true }, '/')).toThrow(/^--trace a\.svg: .*\.json$/);
    const target = readTraceTarget({ trace: 'a.json' }, '/') ?? expect.unreachable();
    requireFewCells(target, MOST_TRACED);
    expect(() => requireFewCells(target, MOST_TRACED + 1)).toThrow(/^--trace a\.json: the run has 25 cells/);
  });
});
