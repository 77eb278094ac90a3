import { describe, expect, it } from 'vitest';
import { BLOCK_LOW, FLUSH_VMID, flushIpa, pageLow, TABLE_LOW, writePage, writeRoot } from '../rules/descriptors.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import type { Architecture } from './architecture.ts';
import { LENIENT, STRICTEST } from './architecture.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import { TranslationView } from './translation-view.ts';

/** A root over a level-3 table of four pages. */
function fullTable(arch = STRICTEST): TranslationView {
  const words = new Uint32Array(16);
  words[0] = TABLE_LOW;
  for (let page = 0; page < 4; page++) words[2 * (4 + page)] = pageLow(page);
  const tables = [
    { slot: 0, serial: 0, level: 2, base: 0 },
    { slot: 1, serial: 1, level: 3, base: 0 },
  ];
  return new TranslationView(makeSmallGeometry(2), { words, tables, rootSlots: [0] }, arch);
}

function after(...ops: readonly MicroOp[]): TranslationView {
  return afterOn(STRICTEST, ...ops);
}

function afterOn(arch: Architecture, ...ops: readonly MicroOp[]): TranslationView {
  const view = fullTable(arch);
  for (const op of ops) view.apply(op);
  return view;
}

const BREAK = writeRoot(TABLE_LOW & ~1);
const ISH: MicroOp = { do: 'barrier', kind: 'ish' };
const STAGE_1: readonly MicroOp[] = [{ do: 'tlbi-stage1' }, ISH];
const ISHST: MicroOp = { do: 'barrier', kind: 'ishst' };

describe('what may be cached', () => {
  it('is all that a walk can reach, and the table that it goes through', () => {
    const view = after();
    expect(view.cached.size).toBe(4);
    expect([...view.held.keys()]).toEqual([1]);
  });

  it('stays after the break, until a TLBI is complete', () => {
    expect(after(BREAK, ISHST).cached.size).toBe(4);
    expect(after(BREAK, ISHST, { do: 'tlbi-vmid' }).cached.size).toBe(4);
    const view = after(BREAK, ...FLUSH_VMID);
    expect(view.cached.size).toBe(0);
    expect(view.held.size).toBe(0);
  });

  it('comes back where the TLBI overtakes the store', () => {
    expect(after(BREAK, { do: 'tlbi-vmid' }, ISH).cached.size).toBe(4);
    expect(after({ do: 'tlbi-vmid' }, ISH, BREAK, ISH).cached.size).toBe(4);
  });

  it('loses one page by IPA, and the pointer to the table with it', () => {
    const view = after(BREAK, ...flushIpa(2));
    expect([...view.cached.values()].map(({ entry }) => entry.page)).toEqual([0, 1, 3]);
    expect(view.held.size).toBe(0);
  });

  it('loses all pages that are named one by one between two barriers, and not a page that is left out', () => {
    const byIpa = (page: number): MicroOp => ({ do: 'tlbi-ipa', ipa: page * 0x1000, pages: 1, level: 0 });
    expect(after(BREAK, ISHST, byIpa(0), byIpa(1), byIpa(2), byIpa(3), ISH, ...STAGE_1).cached.size).toBe(0);
    const view = after(BREAK, ISHST, byIpa(0), byIpa(3), ISH, ...STAGE_1);
    expect([...view.cached.values()].map(({ entry }) => entry.page)).toEqual([1, 2]);
  });

  it('keeps leaves of another level than the TLBI names', () => {
    expect(after(BREAK, ...flushIpa(2, 2)).cached.size).toBe(4);
    expect(after(BREAK, ...flushIpa(2, 3)).cached.size).toBe(3);
  });

  it('loses the way to a table by a TLBI with no hint, or with the level of the leaf below; whatever the hint, if lenient', () => {
    const heldAfter = (arch: Architecture, level: number): number =>
      afterOn(arch, BREAK, ...flushIpa(2, level)).held.size;
    expect([0, 1, 2, 3].map((level) => heldAfter(STRICTEST, level))).toEqual([0, 1, 1, 0]);
    expect([0, 1, 2, 3].map((level) => heldAfter(LENIENT, level))).toEqual([0, 0, 0, 0]);
    const empty = [0, 1, 2, 3].map((page) => writePage(page, 0));
    const left = (level: number): number => after(...empty, ...FLUSH_VMID, BREAK, ...flushIpa(2, level)).held.size;
    expect([0, 1, 2, 3].map(left)).toEqual([0, 1, 1, 0]);
  });

  it('keeps what is combined with stage 1 until VMALLE1IS, after the TLBI by IPA is complete', () => {
    const byIpa: MicroOp = { do: 'tlbi-ipa', ipa: 0x2000, pages: 1, level: 3 };
    expect(after(BREAK, ISHST, byIpa, ISH).cached.size).toBe(4);
    expect(after(BREAK, ISHST, byIpa, { do: 'tlbi-stage1' }, ISH).cached.size).toBe(4);
    expect(after(BREAK, ISHST, byIpa, ISH, ...STAGE_1).cached.size).toBe(3);
    expect(afterOn({ ...STRICTEST, combined: false }, BREAK, ISHST, byIpa, ISH).cached.size).toBe(3);
  });

  it('has the old and the new value of a store until a barrier', () => {
    const readOnly = pageLow(1) & ~(1 << 7);
    expect(after(writePage(1, readOnly)).cached.size).toBe(5);
    expect(after(writePage(1, readOnly), ...flushIpa(1)).cached.size).toBe(4);
  });

  it('conflicts where a block stands beside a page', () => {
    expect(after(BREAK, ...FLUSH_VMID, writeRoot(BLOCK_LOW)).conflict()).toBeUndefined();
    expect(
      after(BREAK, ...flushIpa(0), writeRoot(BLOCK_LOW))
        .conflict()
        ?.map(({ pages }) => pages)
        .sort(),
    ).toEqual([1, 4]);
    expect(after(writeRoot(BLOCK_LOW)).conflict()).toBeDefined();
  });

  it('does not conflict where only the size differs, with FEAT_BBM level 2', () => {
    const conflictsOn = (bbm: 0 | 2, low: number): boolean =>
      afterOn({ ...STRICTEST, bbm }, writeRoot(low)).conflict() !== undefined;
    expect([conflictsOn(0, BLOCK_LOW), conflictsOn(2, BLOCK_LOW)]).toEqual([true, false]);
    // Its limit: the output address must stay.
    expect(conflictsOn(2, BLOCK_LOW + 0x4000)).toBe(true);
  });

  it('does not conflict where only permissions differ', () => {
    expect(after(writePage(1, pageLow(1) & ~(1 << 7))).conflict()).toBeUndefined();
  });

  it('is stale once the operation has returned', () => {
    const view = after(writePage(3, pageLow(3) & ~1));
    expect([...view.cached.values()].some(({ stale }) => stale)).toBe(false);
    view.returned();
    expect([...view.cached.values()].filter(({ stale }) => stale).map(({ entry }) => entry.page)).toEqual([3]);
  });
});
