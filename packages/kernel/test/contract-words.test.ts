/** The words of the contract that spare a look at every leaf: what they read, what they say, what they do. */
import type { MapOperation, Stage2Entry, Strategy } from '@s2bench/core';
import { defineStrategy, NO_ENTRY, OK, SKIP_BELOW } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { effectLog, ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;
const PHYS = 21 * GIB;
const EXECUTE = { ...READ_WRITE, execute: true };

/** Does something at the entry that a block of 1G is asked for, and makes the block. */
function atBlock(act: (entry: Stage2Entry, map: MapOperation) => void): Strategy {
  return defineStrategy({
    name: 'words',
    summary: 'a word of the contract, then a block',
    source: 'of this test',
    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
      const table = map.follow(entry);
      act(entry, map);
      map.invalidate(entry);
      map.tlbiVmid();
      map.install(entry);
      map.freeBelow(table);
      return SKIP_BELOW;
    },
  });
}

interface Setting {
  readonly fwb?: boolean;
  readonly kernel?: string;
  readonly protection?: typeof READ_WRITE;
}

/** Two pages, a full table page and a block of 2M; then 1G over all of it. What happened then, as lines. */
function coalesce(
  act: (entry: Stage2Entry, map: MapOperation) => void,
  { protection = READ_WRITE, ...options }: Setting = {},
): string[] {
  const { effects, lines } = effectLog();
  const { table, mapper } = makeTable({ ...options, strategy: atBlock(act), effects });
  const map = (offset: number, sizeBytes: number): number =>
    mapper.map(GIB + offset, sizeBytes, PHYS + offset, protection, ENDLESS());
  for (const page of [3, 7]) expect(map(page * PAGE, PAGE)).toBe(OK);
  for (let page = 512; page < 1024; page++) expect(map(page * PAGE, PAGE)).toBe(OK);
  expect(map(2 * MIB2, MIB2)).toBe(OK);
  lines.length = 0;
  expect(map(0, GIB)).toBe(OK);
  // The root's pages alone, each with a reference for each valid entry.
  expect(table.arena.livePages).toBe(table.geometry.rootPages);
  expect([...table.arena.liveSlots()].map((slot) => table.arena.refcounts[slot])).toEqual([2, 1]);
  return lines;
}

const named = (lines: readonly string[], name: string) => lines.filter((line) => line.startsWith(`${name} `));
const readsIn = (lines: readonly string[]) =>
  named(lines, 'descriptorsRead').reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);

describe('a walk over tables alone', () => {
  it('visits each table page with its references, and reads no leaf of level 3', () => {
    const pages: unknown[] = [];
    const walked = coalesce((entry, map) => {
      map.walkTables(map.follow(entry), ({ level, references, entries }) => pages.push([level, references, entries]));
    });
    expect(pages).toEqual([
      [2, 4, 512],
      [3, 3, 512],
      [3, 513, 512],
    ]);
    // A count for each page, and the entries of the only one that can lead to others.
    expect(readsIn(walked) - readsIn(coalesce(() => undefined))).toBe(3 + 512);
  });
});

describe('a table that is freed with all below it', () => {
  it('loses every reference and every page, and the walk is not made below', () => {
    const lines = coalesce(() => undefined);
    expect(named(lines, 'tableFreed')).toHaveLength(3);
    // On the way down the one entry of the root; then those of the page that leads to others.
    expect(readsIn(lines)).toBe(1 + 512);
    const dropped = named(lines, 'referencesDropped').map((line) => Number(line.split(' ')[1]));
    expect(dropped.reduce((sum, count) => sum + count)).toBe(3 + 2 + 512 + 3);
  });
});

describe('what a leaf says', () => {
  it('is where it leads and what the guest may do there', () => {
    const leaves: unknown[] = [];
    coalesce((entry, map) => {
      map.walkLeaves(map.follow(entry), (leaf) => {
        const { address, outputAddress, writable, executable } = leaf;
        if (leaf.valid && (leaf.level === 2 || address < GIB + MIB2))
          leaves.push([address - GIB, outputAddress - PHYS, writable, executable]);
      });
    });
    expect(leaves).toEqual([3 * PAGE, 7 * PAGE, 2 * MIB2].map((offset) => [offset, offset, true, false]));
  });
});

describe('maintenance', () => {
  it('is needed where a clean does something', () => {
    const needed = (setting: Setting): unknown[] => {
      const said: unknown[] = [];
      const lines = coalesce((entry, map) => {
        said.push(map.needsClean);
        map.clean(entry);
      }, setting);
      return [...said, named(lines, 'dcacheClean').length, named(lines, 'icacheInvalidate').length];
    };
    expect(needed({})).toEqual([true, 1, 0]);
    expect(needed({ fwb: true })).toEqual([false, 0, 0]);
    // From v5.14 on the map handler invalidates instructions, which FEAT_S2FWB does not spare.
    expect(needed({ kernel: 'v5.14', protection: EXECUTE })).toEqual([true, 1, 1]);
    expect(needed({ kernel: 'v5.14', protection: EXECUTE, fwb: true })).toEqual([true, 0, 1]);
  });

  it('of instructions alone is for executable memory, where the map handler does it', () => {
    const count = (setting: Setting): number[] => {
      const lines = coalesce((entry, map) => map.invalidateIcache(entry), setting);
      return [named(lines, 'icacheInvalidate').length, named(lines, 'dcacheClean').length];
    };
    expect(count({ kernel: 'v5.14', protection: EXECUTE })).toEqual([1, 0]);
    expect(count({ kernel: 'v5.14' })).toEqual([0, 0]);
    expect(count({ kernel: 'v5.12p1', protection: EXECUTE })).toEqual([0, 0]);
  });

  it('of a range of the TLB is a flush of the VMID without FEAT_TLBIRANGE', () => {
    const lines = coalesce((entry, map) => map.tlbiRange(entry.address, entry.sizeBytes));
    expect(lines.filter((line) => line === 'tlbiVmid')).toHaveLength(2);
  });
});
