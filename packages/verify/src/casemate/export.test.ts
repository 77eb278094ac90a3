/** What is written of a run, and where Casemate's answer need not be ours. */
import { ACCESS_FLAG, S2AP_WRITE, TYPE_TABLE, VALID } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import type { KernelState } from '../kernel/kernel-state.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import { BLOCK_LOW, FLUSH_VMID, flushIpa, pageLow, TABLE_LOW, writePage, writeRoot } from '../rules/descriptors.ts';
import type { RuleName } from '../rules/rule.ts';
import { partialTable } from '../worlds/partial-table.ts';
import { exportRun } from './export.ts';
import { type Judgement, judgeTrace } from './judge.ts';
import type { Limit } from './reach.ts';
import type { CasemateRecord } from './records.ts';
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

interface Part {
  readonly agent?: number;
  readonly ops: readonly MicroOp[];
}

/** A run of lock sections, whose last one is cut off where it breaks a rule. */
function exported(parts: readonly (readonly MicroOp[] | Part)[], rule?: RuleName, world = partialTable): Traced {
  const from = fullTable();
  const sections = parts.map((part, index) => {
    const { agent = 1, ops } = 'ops' in part ? part : { ops: part };
    const ended = rule === undefined || index < parts.length - 1;
    return { agent, operation: { do: 'notifier-end' } as const, from, ops, ended };
  });
  const { records, reach } = exportRun({ begin: from, sections }, world);
  return { records, limits: reach.limits(rule), judgement: judgeTrace(records) };
}

interface Traced {
  readonly records: readonly CasemateRecord[];
  readonly limits: readonly Limit[];
  readonly judgement: Judgement;
}

const BBM = 'break-before-make';
const ACCEPTED = { verdict: 'accepted' };
const REJECTED = { verdict: 'rejected' };
const unlinkByIpa: readonly MicroOp[] = [
  ...[0, 1, 2, 3].flatMap((page) => [writePage(page, pageLow(page) & ~VALID), ...flushIpa(page, 3)]),
  writeRoot(TABLE_LOW & ~VALID),
  ...flushIpa(0, 2),
  { do: 'free', slot: 1 },
];
const breakRoot = writeRoot(TABLE_LOW & ~VALID);
const breakPage = writePage(1, pageLow(1) & ~VALID);
const readOnly = writePage(1, pageLow(1) & ~S2AP_WRITE);
const elsewhere = writePage(1, pageLow(2));
const makeBlock = writeRoot(BLOCK_LOW);
const freeTable: MicroOp = { do: 'free', slot: 1 };
const ISH: MicroOp = { do: 'barrier', kind: 'ish' };

describe('a coalesce', () => {
  const { records, limits, judgement } = exported([[breakRoot, ...FLUSH_VMID, makeBlock, freeTable]]);

  it('is within reach, and accepted', () => {
    expect(limits).toEqual([]);
    expect(judgement).toEqual(ACCEPTED);
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

  it('says where each record comes from, with the colons that Casemate reads', () => {
    const sources = new Set(records.map(({ src }) => src));
    expect([...sources]).toEqual(['before the world begins:section:0', 'vCPU 1, notifier-end:section:1']);
  });
});

describe('what Casemate refuses and we do not', () => {
  it('is a table that is unlinked by IPA', () => {
    const { limits, judgement } = exported([unlinkByIpa]);
    expect(limits).toEqual(['table-unlinked-by-ipa']);
    expect(judgement).toMatchObject({ ...REJECTED, reason: 'root does not exist' });
  });

  it('is the same table, or the same leaf, that comes back without a flush', () => {
    for (const ops of [
      [breakRoot, writeRoot(TABLE_LOW)],
      [breakPage, writePage(1, pageLow(1) & ~S2AP_WRITE)],
      [writeRoot(TABLE_LOW)],
    ]) {
      const { limits, judgement } = exported([ops]);
      expect(limits).toEqual(['same-entry-again']);
      expect(judgement).toMatchObject(REJECTED);
    }
    expect(exported([[breakPage, elsewhere]])).toMatchObject({ limits: [], judgement: REJECTED });
  });

  it('is a block that is stored over a valid table, as FEAT_BBM level 2 allows', () => {
    const ops = [makeBlock, ...FLUSH_VMID, freeTable];
    expect(exported([ops])).toMatchObject({
      limits: ['size-changed-in-place'],
      judgement: { ...REJECTED, reason: 'BBM valid->valid' },
    });
    // On other hardware the run is a counterexample, and both refuse it.
    expect(exported([ops], BBM)).toMatchObject({ limits: [], judgement: REJECTED });
  });

  it('is what another CPU has flushed', () => {
    const { limits, judgement } = exported([[breakPage], { agent: 2, ops: FLUSH_VMID }, [elsewhere]]);
    expect(limits).toEqual(['flushed-by-another-cpu']);
    expect(judgement).toMatchObject({ ...REJECTED, reason: 'BBM invalid unclean->valid' });
    const freed = exported([[breakRoot], { agent: 2, ops: [...FLUSH_VMID, freeTable] }]);
    expect(freed).toMatchObject({ limits: ['flushed-by-another-cpu'], judgement: { reason: 'root does not exist' } });
    expect(exported([[breakPage], FLUSH_VMID, { agent: 2, ops: [elsewhere] }])).toMatchObject({
      limits: [],
      judgement: ACCEPTED,
    });
  });

  it('is a leaf without an access flag, which no TLB holds', () => {
    const old = writePage(1, pageLow(1) & ~ACCESS_FLAG);
    const changed = writePage(1, pageLow(1) & ~ACCESS_FLAG & ~S2AP_WRITE);
    const { limits, judgement } = exported([[old, ISH, changed]]);
    expect(limits).toEqual(['leaf-without-access-flag']);
    expect(judgement).toMatchObject({ ...REJECTED, reason: 'BBM valid->valid' });
    const broken = exported([[old, ISH, breakPage, elsewhere]]);
    expect(broken).toMatchObject({ limits: ['leaf-without-access-flag'], judgement: REJECTED });
    // Software's bits may change as they like.
    const marked: MicroOp = { do: 'write', entry: 5, low: pageLow(1) & ~ACCESS_FLAG, high: 1 << 23 };
    expect(exported([[old, ISH, marked]])).toMatchObject({ limits: [], judgement: ACCEPTED });
  });

  it('is a store before an earlier one, or a break above or around it, is complete', () => {
    const otherPage = writePage(2, pageLow(2) & ~VALID);
    for (const [ops, reason] of [
      [[breakPage, otherPage, ...FLUSH_VMID], 'Wrote plain without authorization'],
      [[breakRoot, ISH, breakPage, ...FLUSH_VMID], 'Wrote on a page with an unclean parent'],
      [[breakPage, ISH, breakRoot, ...FLUSH_VMID], 'BBM write table descriptor with unclean children'],
    ] as const) {
      const { limits, judgement } = exported([ops]);
      expect(limits).toEqual(['stores-overlap']);
      expect(judgement).toMatchObject({ ...REJECTED, reason });
    }
    for (const ops of [
      [breakPage, ...FLUSH_VMID, otherPage],
      [breakPage, ...FLUSH_VMID, breakRoot, ...FLUSH_VMID],
      [breakRoot, ...FLUSH_VMID, breakPage],
    ])
      expect(exported([ops])).toMatchObject({ limits: [], judgement: ACCEPTED });
  });

  it('counts in the section that breaks our rule only where it has another ground', () => {
    const { limits, judgement } = exported([[breakRoot, ...flushIpa(0, 2), freeTable, makeBlock]], BBM);
    expect(limits).toEqual([]);
    expect(judgement).toMatchObject({ ...REJECTED, reason: 'root does not exist' });
    expect(exported([unlinkByIpa, [makeBlock]], BBM).limits).toEqual(['table-unlinked-by-ipa']);
    expect(exported([[breakPage, breakRoot, makeBlock]], BBM).limits).toEqual(['stores-overlap']);
  });
});

describe('what Casemate accepts and we do not', () => {
  it('is a leaf that leads elsewhere without a break, and not one that gets other permissions', () => {
    expect(exported([[readOnly, ...FLUSH_VMID]])).toMatchObject({ limits: [], judgement: ACCEPTED });
    expect(exported([[elsewhere]], BBM)).toMatchObject({ limits: ['leaf-changed-in-place'], judgement: ACCEPTED });
    expect(exported([[readOnly, makeBlock]], BBM)).toMatchObject({ limits: [], judgement: REJECTED });
  });

  it('is a TLBI that names another level', () => {
    const moved = (level: number): Traced => exported([[breakPage, ...flushIpa(1, level), elsewhere]], BBM);
    expect(moved(2)).toMatchObject({ limits: ['level-hint'], judgement: ACCEPTED });
    expect(moved(3)).toMatchObject({ limits: [], judgement: ACCEPTED });
    // Of a table it takes no TLBI by IPA at all.
    const table = exported([[breakRoot, ...flushIpa(0, 3), makeBlock]], BBM);
    expect(table).toMatchObject({ limits: [], judgement: REJECTED });
  });
});

describe('the rule that is broken', () => {
  it('is within reach where it is of tables', () => {
    const early = [[breakRoot, freeTable]];
    expect(exported(early, 'walker-safety')).toMatchObject({ limits: [], judgement: REJECTED });
    expect(exported(early, 'accounting')).toMatchObject({ limits: ['another-rule'], judgement: REJECTED });
  });

  it('is out of reach where it has more CPUs than Casemate', () => {
    const [vcpu] = partialTable.vcpus;
    if (vcpu === undefined) throw new Error('no vCPU');
    const withVcpus = (count: number): Traced =>
      exported([], undefined, { ...partialTable, vcpus: Array.from({ length: count }, () => vcpu) });
    expect(withVcpus(3)).toMatchObject({ limits: [], judgement: ACCEPTED });
    expect(withVcpus(4)).toMatchObject({ limits: ['too-many-cpus'], judgement: { verdict: 'out-of-reach' } });
  });
});

describe('a table page', () => {
  it('that comes into a freed slot has an address of its own, and is another one than before', () => {
    const ops: readonly MicroOp[] = [
      breakRoot,
      ...FLUSH_VMID,
      freeTable,
      { do: 'alloc', slot: 1, serial: 2, level: 3, base: 0 },
      writeRoot((2 << 12) | TYPE_TABLE | VALID),
      writePage(3),
    ];
    const { records, limits, judgement } = exported([ops]);
    const text = writeTrace(records);
    expect(text).toContain('(tid 1) (address 100012000) (size 1000)');
    expect(text).toContain('(address 100010000) (value 100012003)');
    expect(text).toContain('(address 100012018) (value 4000034ff)');
    expect(limits).toEqual([]);
    expect(judgement).toEqual(ACCEPTED);
  });
});
