/** What is written of a run, and where Casemate's verdict need not be ours. */
import { TYPE_TABLE, VALID } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import type { KernelState } from '../kernel/kernel-state.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import { BLOCK_LOW, FLUSH_VMID, flushIpa, pageLow, TABLE_LOW, writePage, writeRoot } from '../rules/descriptors.ts';
import { partialTable } from '../worlds/partial-table.ts';
import { exportRun } from './export.ts';
import { judgeTrace } from './judge.ts';
import { writeTrace } from './write.ts';

/** A full table of four pages under the root. */
function fullTable(): KernelState {
  const words = new Uint32Array(16);
  words[0] = TABLE_LOW;
  for (let page = 0; page < 4; page++) words[8 + 2 * page] = pageLow(page);
  const root = { slot: 0, serial: 0, level: 2, base: 0, references: 2, valid: 1, children: [1] };
  const table = { slot: 1, serial: 1, level: 3, base: 0, references: 5, valid: 4, children: [] };
  return { id: 0, path: [], key: '', words, pages: [root, table], baseIpa: 0, invalidations: 0 };
}

function exported(sections: readonly (readonly MicroOp[])[], verdict: 'accepted' | 'rejected', ended = true) {
  const from = fullTable();
  const run = {
    begin: from,
    sections: sections.map((ops, index) => ({
      agent: 1,
      operation: { do: 'notifier-end' } as const,
      from,
      ops,
      ended: ended || index < sections.length - 1,
    })),
  };
  return exportRun(run, partialTable, verdict);
}

const unlinkByIpa: readonly MicroOp[] = [
  ...[0, 1, 2, 3].flatMap((page) => [writePage(page, pageLow(page) & ~VALID), ...flushIpa(page, 3)]),
  writeRoot(TABLE_LOW & ~VALID),
  ...flushIpa(0, 2),
  { do: 'free', slot: 1 },
];
const readOnly = writePage(1, pageLow(1) & ~(1 << 7));

describe('a coalesce', () => {
  const { records, limits } = exported(
    [[writeRoot(TABLE_LOW & ~VALID), ...FLUSH_VMID, writeRoot(BLOCK_LOW), { do: 'free', slot: 1 }]],
    'accepted',
  );

  it('is within reach, and accepted', () => {
    expect(limits).toEqual([]);
    expect(judgeTrace(records)).toEqual({ verdict: 'accepted' });
  });

  it('is done under the lock by its vCPU, after every CPU has the table', () => {
    const lines = writeTrace(records).split('\n');
    const lock = lines.findIndex((line) => line.startsWith('(lock'));
    expect(lines.slice(0, lock).filter((line) => line.includes('vttbr_el2'))).toHaveLength(3);
    expect(lines.slice(lock).map((line) => line.replace(/\(id \d+\) | \(src .*/g, ''))).toEqual([
      '(lock (tid 1) (address 100009000)',
      '(mem-write (tid 1) (mem-order plain) (address 100010000) (value 100011002)',
      '(barrier (tid 1) dsb (kind ishst)',
      '(tlbi (tid 1) vmalls12e1is',
      '(barrier (tid 1) dsb (kind ish)',
      '(mem-write (tid 1) (mem-order release) (address 100010000) (value 4000004fd)',
      '(hint (tid 1) (kind release_table) (location 100011000) (value 0)',
      '(mem-free (tid 1) (address 100011000) (size 1000)',
      '(unlock (tid 1) (address 100009000)',
      '',
    ]);
  });
});

describe('the reach of Casemate', () => {
  it('ends where a table is unlinked by IPA, which it refuses', () => {
    const { records, limits } = exported([unlinkByIpa], 'accepted');
    expect(limits).toEqual(['table-unlinked-by-ipa']);
    expect(judgeTrace(records).verdict).toBe('rejected');
  });

  it('ends where a leaf changes in place, which it refuses', () => {
    const { records, limits } = exported([[readOnly, ...FLUSH_VMID]], 'accepted');
    expect(limits).toEqual(['leaf-changed-in-place']);
    expect(judgeTrace(records)).toMatchObject({ reason: 'BBM valid->valid' });
  });

  it('does not end with the section that breaks our rule, but with one before it', () => {
    const broken = writeRoot(BLOCK_LOW);
    expect(exported([[readOnly, broken]], 'rejected', false).limits).toEqual([]);
    expect(exported([[readOnly], [broken]], 'rejected', false).limits).toEqual(['leaf-changed-in-place']);
  });

  it('ends where a TLBI names another level, which it does not see', () => {
    const moved = [writePage(1, pageLow(1) & ~VALID), ...flushIpa(1, 2), writePage(1, pageLow(2))];
    const { records, limits } = exported([moved], 'rejected', false);
    expect(limits).toEqual(['level-hint']);
    expect(judgeTrace(records).verdict).toBe('accepted');
    expect(
      exported([[writePage(1, pageLow(1) & ~VALID), ...flushIpa(1, 3), writePage(1, pageLow(2))]], 'accepted').limits,
    ).toEqual([]);
  });
});

describe('a table page', () => {
  it('that comes into a freed slot has an address of its own', () => {
    const ops: readonly MicroOp[] = [
      writeRoot(TABLE_LOW & ~VALID),
      ...FLUSH_VMID,
      { do: 'free', slot: 1 },
      { do: 'alloc', slot: 1, serial: 2, level: 3, base: 0 },
      writeRoot((2 << 12) | TYPE_TABLE | VALID),
      writePage(3),
    ];
    const text = writeTrace(exported([ops], 'accepted').records);
    expect(text).toContain('(tid 1) (address 100012000) (size 1000)');
    expect(text).toContain('(address 100010000) (value 100012003)');
    expect(text).toContain('(address 100012018) (value 4000034ff)');
  });
});
