/** Steps that are long enough to be sampled, drawn at random: each repeats itself, some with rare events in between. */
import * as fc from 'fast-check';
import type { GuestStep } from '../src/machine.ts';
import { arbitraryCosts } from './arbitrary.ts';
import type { CellShape, PageLoop, TestCell } from './cell.ts';
import { allRun, BLOCK, FANOUT, LARGE_BLOCK, LoopList, makeCell } from './cell.ts';
import { INSTALL_FIRST, TAKE_DOWN_FIRST } from './coalescing.ts';

/** Accesses of each vCPU: some batches more than a sample has. */
export const STEP_ACCESSES = 13 * 512;

/** What the vCPUs do. */
export const PATTERNS = ['touch', 'rewrite', 'split', 'coalesce', 'create'] as const;
/** What the vCPUs do. */
export type Pattern = (typeof PATTERNS)[number];

/** A step and the cell that it is run in. */
export interface SampledStory {
  readonly pattern: Pattern;
  readonly shape: Partial<CellShape>;
  /** Blocks of eight pages whose memory the host makes only when the step comes to them. */
  readonly absentBlocks: readonly number[];
}

/**
 * Patterns with all that varies in them. Before v5.12p1 everyone who faults cleans: where `rewrite` comes to a block that
 * nobody had mapped, that is a kind of fault of which no sample knows what the others do at it.
 */
export function storiesOf(pattern: Pattern): fc.Arbitrary<SampledStory> {
  return fc.record({
    pattern: fc.constant(pattern),
    shape: fc.record({
      costs: arbitraryCosts,
      vcpus: fc.integer({ min: 1, max: 4 }),
      kernel: pattern === 'rewrite' ? fc.constant('v5.12p1') : fc.constantFrom('v5.12', 'v5.12p1'),
      strategy: fc.constantFrom(TAKE_DOWN_FIRST, INSTALL_FIRST),
      faultBudget: fc.constantFrom(500, 2000),
      guestCaches: fc.boolean(),
    }),
    absentBlocks: fc.array(fc.nat({ max: STEP_ACCESSES / FANOUT - 1 }), { maxLength: 6 }),
  });
}

/** Makes the cell and brings it to where the step begins. */
export function prepare({ pattern, shape, absentBlocks }: SampledStory, exact: boolean): TestCell {
  const blocks = pattern === 'create' ? STEP_ACCESSES : STEP_ACCESSES / FANOUT;
  const logging = pattern === 'touch';
  const cell = makeCell({ ...shape, exact, memoryBytes: blocks * BLOCK, logging });
  const { machine, slot } = cell;
  for (let block = 0; block < blocks; block++) {
    if (!absentBlocks.includes(block)) slot.backing.populate(block * BLOCK, true);
  }
  const present = Array.from({ length: blocks }, (_, block) => block).filter((block) => !absentBlocks.includes(block));
  const setLogging = (on: boolean): void => machine.runTask({ do: on ? 'log-on' : 'log-off', slot });
  switch (pattern) {
    case 'touch':
    case 'create':
      break;
    case 'split':
      machine.skipGuests(allRun(present.map((block) => ({ page: block * FANOUT, count: 1, write: true }))));
      setLogging(true);
      break;
    case 'rewrite':
      setLogging(true);
      machine.skipGuests(allRun(present.map((block) => ({ page: block * FANOUT, count: FANOUT, write: false }))));
      break;
    case 'coalesce':
      setLogging(true);
      // All pages of a block but its second one.
      machine.skipGuests(
        allRun(
          present.flatMap((block) => [
            { page: block * FANOUT, count: 1, write: true },
            { page: block * FANOUT + 2, count: FANOUT - 2, write: true },
          ]),
        ),
      );
      setLogging(false);
  }
  machine.beginStage();
  return cell;
}

/** The step itself. */
export function stepOf({ pattern }: SampledStory): GuestStep {
  switch (pattern) {
    case 'touch':
    case 'rewrite':
      return allRun([{ page: 0, count: STEP_ACCESSES, write: true }]);
    case 'coalesce':
      return allRun([{ page: 0, count: STEP_ACCESSES }], FANOUT);
    case 'split':
      return allRun(blocksOf(splitBlock), 1 + FANOUT);
    case 'create':
      return {
        programOf: (vcpu) =>
          new LoopList([{ page: 0, count: STEP_ACCESSES, strideBytes: BLOCK, write: vcpu % 2 === 0 }]),
        classOf: (vcpu) => vcpu % 2,
        periodAccesses: LARGE_BLOCK / BLOCK,
      };
  }
}

function blocksOf(loopsAt: (page: number) => PageLoop[]): PageLoop[] {
  return Array.from({ length: STEP_ACCESSES / FANOUT }, (_, block) => loopsAt(block * FANOUT)).flat();
}

/** A write to the first page of a block, then reads of all of it. */
function splitBlock(page: number): PageLoop[] {
  return [
    { page, count: 1, write: true },
    { page, count: FANOUT },
  ];
}
