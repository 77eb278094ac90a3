/** What was taken away is gone when the operation has returned, whether or not the host has put another page there. */
import type { PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import { UNLINK_HINT } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
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

describe('a memslot that is deleted', () => {
  const world: World = {
    ...worldOf('slot-move'),
    name: 'slot-delete',
    purpose: 'the slot is deleted while vCPUs fault on it',
    vcpus: [
      { caches: false, steps: ['w0', 'r1'] },
      { caches: false, steps: ['r2', 'w1'] },
    ],
    host: [{ do: 'delete-slot' }],
  };

  it.each(world.histories)('is unmapped, and what is accessed there then is a device’s: %s', (history) => {
    for (const fwb of [false, true]) {
      expect(verifyWorld(takeDownFirst, world, { history, fwb })).toMatchObject({ verdict: 'safe', complete: true });
    }
  });

  it('and leaves all that it mapped breaks the rule mapping', () => {
    const phases = (vm: VirtualMachine): PhaseOverrides => ({
      'delete-slot': {
        unmap: ({ request }) => {
          if (request.do === 'delete-slot') vm.removeSlot(request.slot);
          return undefined;
        },
      },
    });
    const found = verifyWorld({ strategy: takeDownFirst, phases }, world, { history: 'logging-first', fwb: true });
    expect(found).toMatchObject({ verdict: 'unsafe', rule: 'mapping' });
  });

  it('breaks walker-safety as the kernels before linux 36e008323926 do it', () => {
    const options = { history: 'logging-first', fwb: true, flaws: [UNLINK_HINT] } as const;
    expect(verifyWorld(takeDownFirst, world, options).rule).toBe('walker-safety');
  });
});
