/** What was taken away is gone when the operation has returned, whether or not the host has put another page there. */
import type { PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { verifyWorld } from './verify-world.ts';
import { worldOf } from './worlds/index.ts';

/** A notifier that counts, and unmaps nothing. */
const notifier = (vm: VirtualMachine): PhaseOverrides => ({
  invalidate: {
    start: () => {
      vm.notifier.start();
      return vm.phases.host.invalidate['end'];
    },
  },
  fault: {
    'start-invalidation': () => {
      vm.notifier.start();
      return vm.phases.fault['enter-copy'];
    },
  },
});

/** A move that leaves everything where it is. */
const move = (): PhaseOverrides => ({
  'move-slot': {
    unmap: ({ request }) => {
      if (request.do === 'move-slot') request.slot.baseIpa = request.toIpa;
      return undefined;
    },
  },
});

describe.each([
  { what: 'a notifier that unmaps nothing', world: worldOf('partial-unmap'), phases: notifier },
  { what: 'a copy of the zero page that unmaps nothing', world: worldOf('zero-page'), phases: notifier },
  { what: 'a move that unmaps nothing', world: worldOf('slot-move'), phases: move },
])('$what', ({ world, phases }) => {
  it.each(world.histories)('breaks the rule mapping in every history: %s', (history) => {
    for (const fwb of [false, true]) {
      const found = verifyWorld({ strategy: takeDownFirst, phases }, world, { history, fwb });
      expect(found).toMatchObject({ verdict: 'unsafe', rule: 'mapping' });
      expect(found.counterexample?.conclusion).toMatch(/page \d is still mapped, and it was to be taken away\.$/);
    }
  });
});
