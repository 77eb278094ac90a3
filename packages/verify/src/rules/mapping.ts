import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { FaultRecord } from '../kernel/fault-record.ts';
import { isNotifierPhase } from '../kernel/fault-record.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Translation } from '../kernel/translation.ts';
import { sameTranslation } from '../kernel/translation.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Rule, SectionEnd } from './rule.ts';

type Translations = readonly (Translation | undefined)[];

const leaf = (pa: number): Translation => ({
  level: 3,
  pa: PHYS_BASE + pa * PAGE_BYTES,
  read: true,
  write: false,
  execute: false,
  plain: true,
});
const unmapped: Translations = [undefined, undefined, undefined, undefined];
const operation: Operation = {
  do: 'fault',
  stale: false,
  fault: {
    ipa: PAGE_BYTES,
    write: false,
    execute: false,
    kind: 'translation',
    level: 2,
    phase: 'check',
    outcome: 'spurious',
    mapIpa: PAGE_BYTES,
    mapBytes: PAGE_BYTES,
    physAddress: PHYS_BASE + PAGE_BYTES,
    writable: false,
    forcePages: true,
    cachePages: 1,
    note: 0,
  },
};
const host = [0, 1, 2, 3].map((page) => ({ pa: PHYS_BASE + page * PAGE_BYTES, writable: true }));
const fault = { ...operation.fault, phase: 'finish', outcome: 'mapped' } as const;

/** The table says what was asked for. */
export const mapping: Rule = {
  name: 'mapping',
  sentence:
    'After a map every page of the mapped range has the right output address, size, attributes and permissions, and no page outside of it changed, except that the rest of a split block is unmapped; a map that goes back with EAGAIN may have reached some of them alone; when an operation that takes pages away has returned, none of them is mapped; when the notifier has ended an invalidation, no page leads elsewhere than to what the host has there.',
  source:
    'linux v5.11, arch/arm64/include/asm/kvm_pgtable.h, kvm_pgtable_stage2_map() and _unmap(); include/linux/mmu_notifier.h, invalidate_range_start()',
  accepted: {
    begin: 'empty',
    steps: [
      {
        do: 'return',
        end: { operation, fault, host, before: unmapped, after: [undefined, leaf(1), undefined, undefined] },
      },
    ],
  },
  rejected: {
    begin: 'empty',
    steps: [
      {
        do: 'return',
        end: { operation, fault, host, before: unmapped, after: [undefined, leaf(2), undefined, undefined] },
      },
    ],
  },
  section: (end) => {
    if (end.failure !== undefined) return undefined;
    const kept = end.taken.find((page) => end.after[page] !== undefined);
    if (kept !== undefined)
      return `after the operation guest page ${kept} is still mapped, and it was to be taken away`;
    for (let page = 0; page < end.after.length; page++) {
      const wrong = wrongPage(end, page);
      if (wrong !== undefined) return `after the operation guest page ${page} ${wrong}`;
    }
    return undefined;
  },
};

function wrongPage(end: SectionEnd, page: number): string | undefined {
  return wrongHost(end, page) ?? wrongChange(end, page);
}

/** The rights as they were found before the lock was taken: what happens under it may not add to them. */
function askedFor({ writable, execute }: FaultRecord): Pick<FaultRecord, 'writable' | 'execute'> {
  return { writable, execute };
}

/**
 * What a section maps is what the host has there, whatever the fault says that it found; and what was mapped while the
 * host took it away shows when it is done.
 */
function wrongHost({ operation: done, host, before, after }: SectionEnd, page: number): string | undefined {
  const now = after[page];
  const isAsked = endsInvalidation(done) || done.do === 'hook' || !sameTranslation(before[page], now);
  if (now === undefined || !isAsked) return undefined;
  const there = host[page];
  if (there === undefined) return 'is mapped though the host has nothing there';
  if (now.pa !== there.pa)
    return `leads to 0x${now.pa.toString(16)}, and the host has 0x${there.pa.toString(16)} there`;
  return now.write && !there.writable ? 'is writable though the host may not write there' : undefined;
}

function endsInvalidation(done: Operation): boolean {
  return done.do === 'notifier-end' || (done.do === 'fault' && done.fault.phase === 'end-invalidation');
}

function wrongChange(end: SectionEnd, page: number): string | undefined {
  const before = end.before[page];
  const after = end.after[page];
  const { operation: done, fault: left } = end;
  if (done.do !== 'fault') return wrongAfterHost(done, page - end.basePage, before, after);
  if (left?.outcome === 'mapped') {
    const offset = page * PAGE_BYTES - left.mapIpa;
    if (offset >= 0 && offset < left.mapBytes) return wrongLeaf({ ...left, ...askedFor(done.fault) }, offset, after);
    return wrongOutside(before, after);
  }
  // What was not reached is as it was; what was is as after a whole map.
  if (left?.outcome === 'partly-mapped' && !sameTranslation(before, after)) {
    const offset = page * PAGE_BYTES - left.mapIpa;
    if (offset < 0 || offset >= left.mapBytes) return wrongOutside(before, after);
    return wrongLeaf({ ...left, ...askedFor(done.fault) }, offset, after);
  }
  if (left?.outcome === 'relaxed' && !isNotifierPhase(done.fault)) {
    return wrongRelaxed(end, page, { ...left, ...askedFor(done.fault) });
  }
  if (done.fault.phase === 'change-pte' && page === Math.floor(done.fault.ipa / PAGE_BYTES) && after !== undefined) {
    return after.write || after.execute ? 'holds the copy with more than read permission' : undefined;
  }
  // Under the notifier only the range that goes may change; what is left of it is unmapped.
  if (done.fault.phase === 'start-invalidation' && after === undefined) return undefined;
  return sameTranslation(before, after) ? undefined : 'has changed though nothing was mapped';
}

function wrongLeaf(
  fault: NonNullable<SectionEnd['fault']>,
  offset: number,
  after: Translation | undefined,
): string | undefined {
  if (after === undefined) return 'is not mapped';
  const pa = fault.physAddress + offset;
  if (after.pa !== pa) return `leads to 0x${after.pa.toString(16)} instead of 0x${pa.toString(16)}`;
  if (!after.plain) return 'has other memory attributes than normal memory with the access flag';
  if (after.write && !fault.writable) return 'is writable though the fault did not ask for it';
  if (!after.write && fault.writable) return 'is not writable though the fault asked for it';
  if (after.execute !== fault.execute) return 'is executable otherwise than the fault asked for';
  return after.read ? undefined : 'is not readable';
}

/**
 * Permissions are added to the leaf that stands at the address, whatever its size: another vCPU may have made a block
 * of the page that faulted, or pages of the block.
 */
function wrongRelaxed(
  { before, after }: SectionEnd,
  page: number,
  fault: NonNullable<SectionEnd['fault']>,
): string | undefined {
  const leaf = before[fault.mapIpa / PAGE_BYTES];
  const old = before[page];
  if (leaf === undefined || old === undefined || old.level !== leaf.level || !inOneLeaf(leaf, old)) {
    return sameTranslation(old, after[page]) ? undefined : 'has changed though it lies outside of what was relaxed';
  }
  const expected = { ...old, read: true, write: old.write || fault.writable, execute: old.execute || fault.execute };
  return sameTranslation(expected, after[page]) ? undefined : 'has other permissions than those that were added';
}

/** Entries of four: a leaf's pages have one aligned output range. */
function inOneLeaf(a: Translation, b: Translation): boolean {
  const sizeBytes = PAGE_BYTES * 4 ** (3 - a.level);
  return Math.floor(a.pa / sizeBytes) === Math.floor(b.pa / sizeBytes);
}

function wrongOutside(before: Translation | undefined, after: Translation | undefined): string | undefined {
  if (sameTranslation(before, after)) return undefined;
  // A block in the way of a page is split: what it mapped beyond is left to later faults.
  if (before !== undefined && before.level < 3 && after === undefined) return undefined;
  return 'has changed though it lies outside of what was mapped';
}

/** @param slotPage - number of the page in the slot */
function wrongAfterHost(
  done: Operation,
  slotPage: number,
  before: Translation | undefined,
  after: Translation | undefined,
): string | undefined {
  if (after === undefined) return undefined;
  if (before === undefined)
    return `became mapped though ${done.do === 'hook' ? 'no fault has asked what the host has there' : 'the host only takes away'}`;
  if (done.do === 'write-protect' && after.write) return 'is writable though the slot was write-protected';
  if (done.do === 'collect' && after.write && ((done.dirtyPages >>> slotPage) & 1) !== 0)
    return 'is writable though it was reported dirty';
  // A hook may map the same memory by leaves of another size, with the rights that all of them had.
  if (done.do === 'hook') {
    if (after.write && !before.write) return 'is writable, and was not';
    if (after.execute && !before.execute) return 'is executable, and was not';
    const { write, execute } = after;
    return sameTranslation({ ...before, level: after.level, write, execute }, after) ? undefined : 'has changed';
  }
  return sameTranslation({ ...before, write: after.write }, after) && (before.write || !after.write)
    ? undefined
    : 'has changed';
}
