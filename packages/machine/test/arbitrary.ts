/** Small cells and what happens in them, drawn at random. */
import type { HostRequest } from '@s2bench/kernel';
import { runSection } from '@s2bench/kernel';
import * as fc from 'fast-check';
import type { Costs } from '../src/costs.ts';
import type { GuestStep } from '../src/machine.ts';
import type { CostName } from '../src/profile.ts';
import type { CellShape, Guest, PageLoop } from './cell.ts';
import { allRun, BLOCK, COSTS, LARGE_BLOCK, loopsOf, PAGE } from './cell.ts';
import { INSTALL_FIRST, INSTALL_FIRST_NO_CLEAN, LEAF_BY_LEAF, TAKE_DOWN_FIRST } from './coalescing.ts';

/** Something that happens to a guest. */
export type Happening =
  /** Each vCPU runs loops of its own, or all run the first. */
  | { readonly kind: 'run' | 'skip'; readonly programs: readonly (readonly PageLoop[])[]; readonly together: boolean }
  | { readonly kind: 'logging'; readonly on: boolean }
  | { readonly kind: 'sync-log' }
  /** User space writes pages that are there. */
  | { readonly kind: 'host-write'; readonly page: number; readonly count: number };

/** A cell with what happens in it. */
export interface Story {
  readonly shape: Partial<CellShape>;
  readonly happenings: readonly Happening[];
}

/** What a story is told to: the machine, or what it is held against. */
export interface Listener {
  runHost(action: () => void): void;
  runGuests(step: GuestStep): void;
  skipGuests(step: GuestStep): void;
}

/** Costs of up to twice those of {@link COSTS}, and of no less than a fifth. */
export const arbitraryCosts: fc.Arbitrary<Costs> = fc
  .array(fc.integer({ min: 200_003, max: 1_999_993 }), {
    minLength: Object.keys(COSTS).length,
    maxLength: Object.keys(COSTS).length,
  })
  .map((millionths) => {
    const names = Object.keys(COSTS) as CostName[];
    const scaled = names.map((name, index) => [name, (COSTS[name] * (millionths[index] ?? 0)) / 1e6]);
    return Object.fromEntries(scaled) as Record<CostName, number>;
  });

const arbitraryShape = fc
  .record({
    costs: arbitraryCosts,
    vcpus: fc.integer({ min: 1, max: 4 }),
    backing: fc.constantFrom('hugetlb' as const, 'hugetlb' as const, 'anonymous' as const, 'thp' as const),
    large: fc.boolean(),
    blocks: fc.integer({ min: 1, max: 4 }),
    kernel: fc.constantFrom('v5.11', 'v5.12', 'v5.12p1', 'v5.12p1'),
    strategy: fc.constantFrom(TAKE_DOWN_FIRST, INSTALL_FIRST, INSTALL_FIRST_NO_CLEAN, LEAF_BY_LEAF),
    fwb: fc.constantFrom(false, false, false, true),
    logging: fc.boolean(),
    guestCaches: fc.boolean(),
  })
  .map(({ large, blocks, ...shape }) => {
    const blockBytes = large ? LARGE_BLOCK : BLOCK;
    const memoryBytes = large ? Math.ceil(blocks / 2) * LARGE_BLOCK : blocks * BLOCK;
    return { ...shape, blockBytes, memoryBytes };
  });

function arbitraryLoop(pages: number): fc.Arbitrary<PageLoop> {
  const strides = [PAGE, PAGE, PAGE, PAGE / 4, 3 * PAGE, BLOCK].filter((bytes) => bytes < pages * PAGE);
  return fc
    .record({
      page: fc.integer({ min: 0, max: pages - 1 }),
      strideBytes: fc.constantFrom(...strides),
      most: fc.integer({ min: 0, max: pages }),
      write: fc.boolean(),
    })
    .map(({ page, strideBytes, most, write }) => {
      const fitting = Math.ceil(((pages - page) * PAGE) / strideBytes);
      return { page, count: Math.min(most, fitting), strideBytes, write };
    });
}

function arbitraryGuests(pages: number, vcpus: number): fc.Arbitrary<Happening> {
  const program = fc.oneof(
    { weight: 2, arbitrary: fc.array(arbitraryLoop(pages), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.boolean().map((write) => [{ page: 0, count: pages, write }]) },
  );
  return fc.record({
    kind: fc.constantFrom('run' as const, 'run' as const, 'skip' as const),
    programs: fc.array(program, { minLength: vcpus, maxLength: vcpus }),
    together: fc.boolean(),
  });
}

function arbitraryHappening(pages: number, vcpus: number): fc.Arbitrary<Happening> {
  return fc.oneof(
    { weight: 4, arbitrary: arbitraryGuests(pages, vcpus) },
    { weight: 2, arbitrary: fc.boolean().map((on) => ({ kind: 'logging' as const, on })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'sync-log' as const }) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 0, max: pages - 1 })
        .chain((page) =>
          fc.integer({ min: 1, max: pages - page }).map((count) => ({ kind: 'host-write' as const, page, count })),
        ),
    },
  );
}

/** Cells of every kind, with up to eight things that happen in each. */
export const arbitraryStory: fc.Arbitrary<Story> = arbitraryShape.chain((shape) =>
  fc
    .array(arbitraryHappening(shape.memoryBytes / PAGE, shape.vcpus), { minLength: 2, maxLength: 8 })
    .map((happenings) => ({ shape, happenings })),
);

/** Lets something happen to a guest that a listener runs. */
export function tell(listener: Listener, { vm, slot }: Guest, happening: Happening): void {
  switch (happening.kind) {
    case 'run':
    case 'skip': {
      const { programs, together } = happening;
      const step = together ? allRun(programs[0] ?? []) : loopsOf(...programs);
      if (happening.kind === 'run') listener.runGuests(step);
      else listener.skipGuests(step);
      return;
    }
    case 'logging':
      runTask(listener, vm, { do: happening.on ? 'log-on' : 'log-off', slot });
      return;
    case 'sync-log':
      runTask(listener, vm, { do: 'collect-log', slot });
      return;
    case 'host-write':
      listener.runHost(() => {
        const { backing } = slot;
        for (let page = happening.page; page < happening.page + happening.count; page++) {
          if (backing.isWritable(page * PAGE)) vm.effects.hostWrote(backing.physAddressOf(page * PAGE), PAGE);
        }
      });
  }
}

/** Lets a listener run a task of the host, one operation after the other. */
function runTask(listener: Listener, vm: Guest['vm'], request: HostRequest): void {
  const task = vm.begin(request);
  while (task.phase !== undefined) listener.runHost(() => runSection(task, vm.origin));
}
