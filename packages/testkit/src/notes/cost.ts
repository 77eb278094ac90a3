/** What a coalesce costs in simulated time: no rule, since what is slow may be right. */
import { type Strategy, walkersOf } from '@s2bench/core';
import { IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import { Backing, kernelModelOf, VirtualMachine } from '@s2bench/kernel';
import { Machine, type Profile, PROFILES, type StageMeasurement } from '@s2bench/machine';
import { HISTORIES, PAGE_TABLE_TEST } from '@s2bench/workloads';
import type { Note } from '../finding.ts';
import { TAKE_DOWN_FIRST } from '../reference.ts';

const MIB = 2 ** 20;
const PAGE_BYTES = 4096;
const BLOCK_BYTES = 2 * MIB;
const MEMORY_BYTES = 16 * MIB;
const BLOCKS = MEMORY_BYTES / BLOCK_BYTES;
const VCPUS = 2;
/** Nothing is so far above the reference that does its work once. A flush for each page is. */
const MOST_TIMES_REFERENCE = 3;

/** What a coalesce costs, beside taking the table down first: the first machine and history that shows something. */
export function costNotes(strategy: Strategy): Note[] {
  // The reference takes down first, which only the walker up to v6.1 lets it.
  if (!walkersOf(strategy).includes('v5')) return [];
  for (const profile of PROFILES) {
    for (const { name: history } of HISTORIES) {
      const message = oddityOf(coalesce(strategy, profile, history), coalesce(TAKE_DOWN_FIRST, profile, history));
      if (message === undefined) continue;
      const where = `ADJUST of ${MEMORY_BYTES / MIB} MiB by ${VCPUS} vCPUs (history ${history}, profile ${profile.name})`;
      return [{ about: 'cost', message: `${where}: ${message}` }];
    }
  }
  return [];
}

function oddityOf({ timeNs, counters }: StageMeasurement, reference: StageMeasurement): string | undefined {
  if (timeNs > MOST_TIMES_REFERENCE * reference.timeNs) {
    const times = (timeNs / reference.timeNs).toFixed(1);
    return `its simulated time of ${Math.round(timeNs)} ns is ${times} times that of taking the table down first: is something done for each page?`;
  }
  if (counters.windows < BLOCKS)
    return `${BLOCKS} tables are there to become blocks, and ${counters.windows} entries are broken and made again`;
  return undefined;
}

/** The stage in which blocks are made of tables again. */
function coalesce(strategy: Strategy, profile: Profile, history: string): StageMeasurement {
  const baseIpa = 2 ** 30;
  const setting = {
    baseIpa,
    memoryBytes: MEMORY_BYTES,
    granuleBytes: BLOCK_BYTES,
    pageSizeBytes: PAGE_BYTES,
    vcpus: VCPUS,
    history,
    seed: 1,
  };
  const plan = PAGE_TABLE_TEST.plan(setting);
  const geometry = makeGeometry(PAGE_BYTES, 40);
  const vm = new VirtualMachine({
    geometry,
    kernel: kernelModelOf('v5.12p1'),
    strategy,
    fwb: profile.features.fwb,
    effects: new IgnoreEffects(),
  });
  const backing = new Backing({
    kind: 'hugetlb',
    sizeBytes: MEMORY_BYTES,
    pageSizeBytes: PAGE_BYTES,
    blockBytes: BLOCK_BYTES,
    hostAddress: 2 ** 46,
    physAddress: 2 ** 46,
  });
  const slot = vm.addSlot({
    baseIpa,
    sizeBytes: MEMORY_BYTES,
    backing,
    backingOffsetBytes: 0,
    logging: plan.bornWithLogging,
  });
  const machine = new Machine({ profile, vm, slot, vcpus: VCPUS, guestCaches: plan.guestCaches, exact: true });
  for (const { steps } of plan.stages) {
    machine.beginStage();
    for (const step of steps) machine.run(step, true);
  }
  return machine.endStage();
}
