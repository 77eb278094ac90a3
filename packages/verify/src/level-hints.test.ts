/** A level hint speaks of leaves: linux 36e008323926. */
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import { isTable, VALID } from '@s2bench/core/stage2';
import { OK } from '@s2bench/core';
import type { PhaseOverrides, VirtualMachine, Visitor, WalkState } from '@s2bench/kernel';
import { LEAF, TABLE_POST, walk } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { LENIENT, STRICTEST } from './hardware/architecture.ts';
import { verifyWorld } from './verify-world.ts';
import { worldOf } from './worlds/index.ts';

/** The stock unmap, but for the hint with which it unlinks a table. */
function unmapWith(table: Stage2Table, hint: number): Visitor {
  const drop = (entry: number, ipa: number, level: number, named: number): void => {
    table.invalidate(entry, ipa, level);
    table.effects.tlbiIpa(ipa, named);
    table.drop(table.slotOf(entry), 1);
  };
  return {
    flags: LEAF | TABLE_POST,
    tablePre: () => OK,
    leaves(first: number, count: number, level: number, state: WalkState): number {
      const granule = table.geometry.granuleBytes[level as Level];
      for (let index = 0; index < count; index++) {
        if ((table.low(first + index) & VALID) !== 0)
          drop(first + index, state.entryAddress + index * granule, level, level);
      }
      return OK;
    },
    tablePost(entry: number, level: number, state: WalkState): number {
      const child = table.childOf(entry);
      if (!isTable(table.low(entry)) || !table.isEmpty(child)) return OK;
      drop(entry, state.entryAddress, level, hint);
      table.freeTable(child);
      return OK;
    },
  };
}

const movesWith =
  (hint: number) =>
  (vm: VirtualMachine): PhaseOverrides => ({
    'move-slot': {
      unmap: ({ request }) => {
        if (request.do !== 'move-slot') return undefined;
        walk(vm.table, request.slot.baseIpa, request.slot.sizeBytes, unmapWith(vm.table, hint));
        request.slot.baseIpa = request.toIpa;
        return undefined;
      },
    },
  });

describe('a table of pages that is unlinked with the hint', () => {
  const options = { history: 'logging-first', fwb: true } as const;
  const verdictOf = (hint: number, arch = STRICTEST): string => {
    const subject = { strategy: takeDownFirst, phases: movesWith(hint) };
    const { verdict, rule } = verifyWorld(subject, worldOf('slot-move'), { ...options, arch });
    return rule ?? verdict;
  };

  it.each([
    [0, 'safe'],
    [1, 'walker-safety'],
    [2, 'walker-safety'],
    [3, 'safe'],
  ])('%d is %s where hints are taken at their word', (hint, verdict) => {
    expect(verdictOf(hint)).toBe(verdict);
  });

  it.each([0, 1, 2, 3])('%d is safe where they are not', (hint) => {
    expect(verdictOf(hint, LENIENT)).toBe('safe');
  });
});
