import { defineStrategy } from '@s2bench/core';
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

const COALESCE = [{ ipa: 0, logging: true }, { ipa: 0x1000, logging: false }];

describe('a section', () => {
  it('is the strategy’s own order, as others can see it', () => {
    const { ops, failure, mistakes } = mapAll(kernelOf({ strategy: takeDownFirst }), COALESCE);
    expect(ops.map((op) => op.do)).toEqual(['write', 'barrier', 'tlbi-vmid', 'barrier', 'free', 'clean', 'barrier', 'write']);
    expect([failure, mistakes]).toEqual([undefined, []]);
  });

  it('leads to the same state whichever way it was come to', () => {
    const kernel = kernelOf({ strategy: takeDownFirst });
    const one = mapAll(kernel, [{ ipa: 0, logging: true }, { ipa: 0x1000, logging: true }]);
    const other = mapAll(kernel, [{ ipa: 0x1000, logging: true }, { ipa: 0, logging: true }]);
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
    const strategy = defineStrategy({ ...takeDownFirst, name: 'keeper', leaf: (entry, map) => (calls++ % 2 === 0 ? map.mapLeaf(entry) : 0) });
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
