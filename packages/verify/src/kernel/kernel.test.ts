import { defineStrategy, NO_ENTRY } from '@s2bench/core';
import { ACCESS_FLAG } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../../test/specimens.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import type { Subject } from '../subject.ts';
import { partialTable } from '../worlds/partial-table.ts';
import { backingIn, beginState, stateOf } from './backing-state.ts';
import { raisedFault } from './fault-record.ts';
import type { Section } from './kernel.ts';
import { Kernel } from './kernel.ts';

function kernelOf(subject: Subject): Kernel {
  return new Kernel({ subject, world: partialTable, geometry: makeSmallGeometry(2), fwb: false });
}

/** Maps pages one after the other while logging is on or off; gives the last section. */
function mapAll(kernel: Kernel, faults: readonly { readonly ipa: number; readonly logging: boolean }[]): Section {
  let state = kernel.begin('WWWW');
  let section: Section | undefined;
  for (const { ipa, logging } of faults) {
    const { fault } = kernel.unlocked(raisedFault(ipa, false, false, 'translation', 3, 0), 'WWWW', 0, logging);
    if (fault === undefined) throw new Error('no memslot');
    section = kernel.section(state, { do: 'fault', fault, stale: false }, 'WWWW');
    state = section.to;
  }
  if (section === undefined) throw new Error('no fault');
  return section;
}

const COALESCE = [
  { ipa: 0, logging: true },
  { ipa: 0x1000, logging: false },
];

describe('a section', () => {
  it('is the strategy’s own order, as others can see it', () => {
    const { ops, failure, mistakes } = mapAll(kernelOf({ strategy: takeDownFirst }), COALESCE);
    expect(ops.map((op) => op.do)).toEqual([
      'write',
      'barrier',
      'tlbi-vmid',
      'barrier',
      'free',
      'clean',
      'barrier',
      'write',
    ]);
    expect([failure, mistakes]).toEqual([undefined, []]);
  });

  it('leads to the same state whichever way it was come to', () => {
    const kernel = kernelOf({ strategy: takeDownFirst });
    const one = mapAll(kernel, [
      { ipa: 0, logging: true },
      { ipa: 0x1000, logging: true },
    ]);
    const other = mapAll(kernel, [
      { ipa: 0x1000, logging: true },
      { ipa: 0, logging: true },
    ]);
    expect(one.to.id).toBe(other.to.id);
    expect(one.to.id).not.toBe(mapAll(kernel, COALESCE).to.id);
  });

  it('shows actions past the contract, in their place', () => {
    const subject: Subject = {
      strategy: takeDownFirst,
      below: (raw) => ({
        tablePre(entry, map) {
          if (!map.blockSupported(entry)) return;
          const [low, high] = raw.load(entry.id);
          raw.store(entry.id, low & ~1, high);
          raw.barrier('ishst');
          raw.tlbiIpa(entry.address, 0);
          raw.store(entry.id, low, high);
        },
        tablePost: () => undefined,
      }),
    };
    const { ops } = mapAll(kernelOf(subject), COALESCE);
    expect(ops.slice(0, 4).map((op) => op.do)).toEqual(['write', 'barrier', 'tlbi-ipa', 'write']);
  });
});

describe('a mistake past the contract', () => {
  it('changes a leaf before anybody sees it, and only the next one', () => {
    const subject: Subject = {
      strategy: takeDownFirst,
      below: (raw) => ({
        leaf(entry, map) {
          raw.alterNext((low, high) => [low & ~ACCESS_FLAG, high]);
          return map.mapLeaf(entry);
        },
      }),
    };
    const { ops, after } = mapAll(kernelOf(subject), [{ ipa: 0, logging: true }]);
    expect(ops.filter((op) => op.do === 'write' && op.entry > 3)).toHaveLength(1);
    expect(after[0]?.plain).toBe(false);
  });

  it('that frees what is no table is noted in the counts', () => {
    const strategy = defineStrategy({
      ...takeDownFirst,
      name: 'follows-block',
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.anchor = NO_ENTRY;
        map.install(entry);
        map.freeTable(map.follow(entry));
      },
    });
    expect(mapAll(kernelOf({ strategy }), COALESCE).mistakes.map(({ text }) => text)).toContain(
      'something is freed that is no table page',
    );
  });

  it('may be in a phase of the abort handler that notes something down, or keeps the lock', () => {
    const seen: number[] = [];
    const subject: Subject = {
      strategy: takeDownFirst,
      phases: () => ({
        fault: {
          prepare: (fault, stock) => {
            fault.note = 7;
            return stock(fault);
          },
          map: (fault, stock) => {
            seen.push(fault.note);
            fault.keepsLock = true;
            return stock(fault);
          },
        },
      }),
    };
    const section = mapAll(kernelOf(subject), [{ ipa: 0, logging: true }]);
    expect(section).toMatchObject({ lockKept: true, fault: { note: 7, phase: 'finish' } });
    expect(seen).toEqual([7]);
    expect(mapAll(kernelOf({ strategy: takeDownFirst }), COALESCE).lockKept).toBe(false);
  });

  it('may be in a phase of a task of the host', () => {
    const mappedAfterMove = (subject: Subject): number => {
      const kernel = kernelOf(subject);
      const { to } = mapAll(kernel, [{ ipa: 0, logging: true }]);
      const { after } = kernel.section(to, { do: 'move', baseIpa: 0x4000 }, 'WWWW');
      return after.filter((page) => page !== undefined).length;
    };
    const subject = { strategy: takeDownFirst, phases: () => ({ 'move-slot': { unmap: () => undefined } }) };
    expect(mappedAfterMove(subject)).toBe(1);
    expect(mappedAfterMove({ strategy: takeDownFirst })).toBe(0);
  });
});

describe('a plugin', () => {
  it('that throws is named in one line', () => {
    const strategy = defineStrategy({
      ...takeDownFirst,
      name: 'thrower',
      tablePre: () => {
        throw new TypeError('cannot read\nproperties');
      },
    });
    expect(() => mapAll(kernelOf({ strategy }), COALESCE)).toThrow('strategy thrower throws: cannot read');
  });

  it('that keeps something of its own is found out', () => {
    let calls = 0;
    const strategy = defineStrategy({
      ...takeDownFirst,
      name: 'keeper',
      leaf: (entry, map) => (calls++ % 2 === 0 ? map.mapLeaf(entry) : 0),
    });
    expect(() => mapAll(kernelOf({ strategy }), [...COALESCE, ...COALESCE])).toThrow('keep nothing of its own');
  });

  it('that does not come to an end is stopped', () => {
    const strategy = defineStrategy({
      ...takeDownFirst,
      name: 'looper',
      tablePre(_entry, map) {
        for (;;) map.tlbiVmid();
      },
    });
    expect(() => mapAll(kernelOf({ strategy }), COALESCE)).toThrow('does not end');
  });

  it('that returns an errno which nobody answers fails, and says which', () => {
    const strategy = defineStrategy({ ...takeDownFirst, name: 'failing', tablePre: () => -12 });
    expect(mapAll(kernelOf({ strategy }), COALESCE).failure).toMatch(/errno 12$/);
  });
});

describe('a backing', () => {
  it.each(['AAAA', 'RRRR', 'WWWW'])('is made in state %s of hugetlbfs', (state) => {
    expect(stateOf(backingIn(partialTable.slot, state))).toBe(state);
  });

  it.each(['AAAA', 'RRRR', 'WWWW', 'wrrr', 'rwwr'])('is made in state %s of transparent huge pages', (state) => {
    expect(stateOf(backingIn({ ...partialTable.slot, backing: 'thp' }, state))).toBe(state);
  });

  it('begins as the world says', () => {
    expect(beginState({ ...partialTable.slot, backing: 'thp', begin: 'split' })).toBe('wrrr');
    expect(beginState({ ...partialTable.slot, begin: 'untouched' })).toBe('AAAA');
  });
});
