/**
 * The abort handler of KVM/arm64 v5.12: from a guest's stage-2 abort to a mapping, phase by phase. (That of v5.11 knows
 * no EAGAIN, and marks a page dirty before it maps it.) Later kernels differ in the locks of its phases, and in a few more.
 *
 * Before the lock: `prepare`, `pin`, and where the host has no page of its own `enter-page`, or `start-invalidation`,
 * `enter-copy`, `change-pte`, `end-invalidation` for a copy of the zero page. Under it: `check`, `adjust`, `maintain`,
 * and `map` or `relax`. After it: `finish`.
 */
import { EAGAIN, OK } from '@s2bench/core';
import type { Level, Protection } from '@s2bench/core/stage2';
import { alignDown, LAST_LEVEL, leafLevelOf } from '@s2bench/core/stage2';
import type { Memslot } from '../memslot.ts';
import type { PageTableCode, WalkFlags } from '../page-table-code.ts';
import type { Stage2Mmu } from '../stage2-mmu.ts';
import type { FaultPhaseName, GuestFault } from './guest-fault.ts';
import { slotOf } from './guest-fault.ts';
import type { Lock, Phase, Phases } from './task.ts';

/** The map handler ended with an errno that the abort handler has no answer to. */
export class MapFailedError extends Error {
  override readonly name = 'MapFailedError';
  /** Negative, as the kernel has it. */
  readonly errno: number;

  constructor(ipa: number, errno: number) {
    super(`mapping 0x${ipa.toString(16)} failed with errno ${-errno}`);
    this.errno = errno;
  }
}

type Next = Phase<GuestFault> | undefined;

/** Phases that the abort handler of v5.12 has none of: those of later releases, and that of a strategy. */
type OtherPhaseName = 'check-shared' | 'relax-shared' | 'reclaim' | 'before-lock';

/** What one abort handler is made of: the phases of its faults. It holds no state of a fault, that is in the fault. */
export class FaultPhases {
  /** By name. The phases go on through this object, so that whoever puts another one here is met by all. */
  readonly byName: Phases<FaultPhaseName, GuestFault> & Record<string, Phase<GuestFault>>;
  readonly #mmu: Stage2Mmu;
  /** Table pages that a map may need: one for each level below the root. */
  readonly #cachePages: number;
  readonly #flags: WalkFlags;
  /** The same, where the fault has cleaned what it maps before it took the lock. */
  readonly #cleanedFlags: WalkFlags;

  constructor(mmu: Stage2Mmu) {
    this.#mmu = mmu;
    this.#cachePages = LAST_LEVEL - mmu.table.geometry.startLevel;
    const { mapLock, relaxLock } = mmu.kernel;
    this.#flags = { shared: mapLock === 'shared', fault: true, pagesOnly: false };
    this.#cleanedFlags = { ...this.#flags, cleaned: true };
    const phase = (
      name: FaultPhaseName | OtherPhaseName,
      lock: Lock,
      run: (fault: GuestFault) => Next,
    ): Phase<GuestFault> => ({
      name,
      lock,
      run,
    });
    this.byName = {
      prepare: phase('prepare', 'none', (fault) => this.#prepare(fault)),
      'enter-page': phase('enter-page', 'none', (fault) => this.#enterPage(fault)),
      'start-invalidation': phase('start-invalidation', 'exclusive', (fault) => this.#startInvalidation(fault)),
      'enter-copy': phase('enter-copy', 'none', (fault) => this.#enterCopy(fault)),
      'change-pte': phase('change-pte', 'exclusive', (fault) => this.#changePte(fault)),
      'end-invalidation': {
        ...phase('end-invalidation', 'exclusive', () => this.#endInvalidation()),
        relocks: true,
      },
      pin: phase('pin', 'none', (fault) => this.#pin(fault)),
      check: phase('check', mapLock, (fault) => this.#check(fault)),
      adjust: phase('adjust', mapLock, (fault) => this.#adjust(fault)),
      maintain: phase('maintain', mapLock, (fault) => this.#maintain(fault)),
      relax: phase('relax', mapLock, (fault) => this.#relax(fault)),
      map: phase('map', mapLock, (fault) => this.#map(fault)),
      finish: phase('finish', 'none', (fault) => this.#finish(fault)),
    };
    if (mapLock === 'exclusive' && relaxLock === 'shared') {
      // Linux f783ef1c0e82 (v5.18): what only relaxes a page in a slot that logs shares the lock, and does nothing else.
      this.byName['check-shared'] = phase('check-shared', 'shared', (fault) => this.#check(fault, 'relax-shared'));
      this.byName['relax-shared'] = phase('relax-shared', 'shared', (fault) => this.#relax(fault));
    }
    if (mmu.beforeLock !== undefined)
      this.byName['before-lock'] = phase('before-lock', 'none', (fault) => this.#beforeLock(fault));
    // What a map has unlinked goes after a grace period. A driver may let one pass before it runs this.
    if (mapLock === 'shared') this.byName['reclaim'] = phase('reclaim', 'none', () => this.#reclaim());
  }

  #prepare(fault: GuestFault): Next {
    const mmu = this.#mmu;
    mmu.effects.guestExited();
    const slot = mmu.slotAt(fault.ipa);
    if (slot === undefined) throw new RangeError(`guest access to 0x${fault.ipa.toString(16)}: no memslot there`);
    fault.slot = slot;
    this.#chooseSize(fault, slot);
    // A permission fault needs no table page, unless logging splits a block.
    if (fault.kind !== 'permission' || (slot.logging && fault.write)) fault.cache.topUp(this.#cachePages);
    fault.notifierSequence = mmu.notifier.sequence;
    return this.#pin(fault);
  }

  /** The size of the mapping as the VMA suggests it; `adjust` may enlarge it under the lock. */
  #chooseSize(fault: GuestFault, slot: Memslot): void {
    const { pageSizeBytes } = this.#mmu.table.geometry;
    let sizeBytes = slot.backing.kind === 'hugetlb' && !slot.logging ? slot.backing.blockBytes : pageSizeBytes;
    fault.forcePages = slot.logging;
    while (sizeBytes > pageSizeBytes && !blockFits(this.#mmu, fault, sizeBytes)) {
      sizeBytes = this.#nextSmaller(sizeBytes);
      if (sizeBytes === pageSizeBytes) fault.forcePages = true;
    }
    fault.mapBytes = sizeBytes;
    fault.mapIpa = alignDown(fault.ipa, sizeBytes);
  }

  #nextSmaller(sizeBytes: number): number {
    const { granuleBytes, leafAllowed, pageSizeBytes } = this.#mmu.table.geometry;
    for (let level = 0; level <= LAST_LEVEL; level++) {
      const granule = granuleBytes[level as Level];
      if (granule < sizeBytes && leafAllowed[level as Level]) return granule;
    }
    return pageSizeBytes;
  }

  /** Pins the host page, which may first need a fault of the host's own. */
  #pin(fault: GuestFault): Next {
    const { effects } = this.#mmu;
    const slot = slotOf(fault);
    const { backing } = slot;
    const offset = slot.backingOffsetOf(fault.ipa);
    switch (backing.actionFor(offset, fault.write)) {
      case 'none':
        break;
      case 'populate':
        effects.hostPageFaulted();
        this.#zero(slot, offset, fault.write);
        if (!backing.faultsExclude) return this.byName['enter-page'];
        backing.populate(offset, fault.write);
        break;
      case 'make-writable':
        effects.hostPageFaulted();
        backing.makeWritable(offset);
        break;
      case 'copy':
        effects.hostPageFaulted();
        effects.hostWrote(backing.physAddress + alignDown(offset, backing.pageSizeBytes), backing.pageSizeBytes);
        return this.byName['start-invalidation'];
    }
    const mapOffset = slot.backingOffsetOf(fault.mapIpa);
    fault.physAddress = backing.physAddressOf(mapOffset);
    // A pin for reading also finds out whether the host may write; while logging, only a write asks for write access.
    fault.writable = backing.isWritable(offset) && (fault.write || !slot.logging);
    effects.hostPagePinned(fault.physAddress, fault.mapBytes);
    const { check, 'check-shared': checkShared, 'before-lock': beforeLock } = this.byName;
    if (checkShared !== undefined && onlyRelaxesLogged(this.#mmu, fault)) return checkShared;
    const asksForBlock = fault.mapBytes > this.#mmu.table.geometry.pageSizeBytes && !onlyRelaxes(this.#mmu, fault);
    return asksForBlock && beforeLock !== undefined ? beforeLock : check;
  }

  /** What the strategy does before the lock is taken. It is told of the fault, not of the table: that may be another by now. */
  #beforeLock(fault: GuestFault): Next {
    const { beforeLock, effects, table } = this.#mmu;
    fault.note = 0;
    beforeLock?.({
      address: fault.mapIpa,
      sizeBytes: fault.mapBytes,
      needsClean: !table.fwb,
      clean: () => {
        if (table.fwb) return;
        effects.dcacheClean(fault.physAddress, fault.mapBytes);
        fault.note = CLEANED;
      },
    });
    return this.byName.check;
  }

  #zero(slot: Memslot, offset: number, write: boolean): void {
    const sizeBytes = slot.backing.bytesToZero(offset, write);
    if (sizeBytes === 0) return;
    this.#mmu.effects.hostWrote(slot.backing.physAddress + alignDown(offset, sizeBytes), sizeBytes);
  }

  /** The host has made a page: it enters it into its page table, unless another vCPU was faster. */
  #enterPage(fault: GuestFault): Next {
    const slot = slotOf(fault);
    const offset = slot.backingOffsetOf(fault.ipa);
    if (slot.backing.actionFor(offset, fault.write) === 'populate') slot.backing.populate(offset, fault.write);
    return this.#pin(fault);
  }

  /** The host is about to replace the zero page, and the notifier unmaps it. */
  #startInvalidation(fault: GuestFault): Next {
    const slot = slotOf(fault);
    const range = slot.backing.copyRange(slot.backingOffsetOf(fault.ipa));
    this.#mmu.notifierStart(slot, range.offset, range.sizeBytes);
    return this.byName['enter-copy'];
  }

  #enterCopy(fault: GuestFault): Next {
    const slot = slotOf(fault);
    const offset = slot.backingOffsetOf(fault.ipa);
    // Another vCPU may have made its copy while this one waited to announce its own.
    if (slot.backing.actionFor(offset, true) !== 'copy') return this.byName['end-invalidation'];
    slot.backing.copyZeroPage(offset);
    return this.byName['change-pte'];
  }

  /** The notifier maps the copy, read-only, where no table page is needed for it. */
  #changePte(fault: GuestFault): Next {
    this.#mmu.notifierChangePte(slotOf(fault), slotOf(fault).backingOffsetOf(fault.ipa));
    return this.byName['end-invalidation'];
  }

  #endInvalidation(): Next {
    this.#mmu.notifier.end();
    return this.byName.pin;
  }

  /** Under the lock: a page that was pinned before the host took it away is not mapped. */
  #check(fault: GuestFault, next: 'adjust' | 'relax-shared' = 'adjust'): Next {
    if (!this.#mmu.notifier.mustRetry(fault.notifierSequence)) return this.byName[next];
    fault.outcome = 'retried';
    return this.byName.finish;
  }

  /** Where the host has a huge page, and slot and alignment allow it, the mapping grows to a block. */
  #adjust(fault: GuestFault): Next {
    if (fault.mapBytes === this.#mmu.table.geometry.pageSizeBytes && !fault.forcePages) {
      const slot = slotOf(fault);
      const { kind, blockBytes } = slot.backing;
      const isHuge = kind === 'thp' && slot.backing.isBlock(slot.backingOffsetOf(fault.ipa));
      if (isHuge && blockFits(this.#mmu, fault, blockBytes)) growToBlock(fault);
    }
    return this.byName.maintain;
  }

  #maintain(fault: GuestFault): Next {
    const { kernel, table, effects } = this.#mmu;
    if (kernel.cleanSite === 'abort-handler' && fault.kind !== 'permission' && !table.fwb) {
      effects.dcacheClean(fault.physAddress, fault.mapBytes);
    }
    if (fault.execute && kernel.icacheSite === 'abort-handler')
      effects.icacheInvalidate(fault.physAddress, fault.mapBytes);
    return onlyRelaxes(this.#mmu, fault) ? this.byName.relax : this.byName.map;
  }

  #relax(fault: GuestFault): Next {
    const rc = this.#mmu.code.relax(fault.mapIpa, protectionOf(fault));
    fault.outcome = rc === OK ? 'relaxed' : 'spurious';
    return this.byName.finish;
  }

  #map(fault: GuestFault): Next {
    mapFault(
      fault,
      this.#mmu.code,
      this.#mmu.beforeLock !== undefined && hasCleaned(fault) ? this.#cleanedFlags : this.#flags,
    );
    // Nobody else can be in a table under the exclusive lock: there is no walk to wait for.
    if (!this.#flags.shared) this.#mmu.code.endGracePeriod();
    return this.byName.finish;
  }

  #finish(fault: GuestFault): Next {
    const slot = slotOf(fault);
    if (fault.writable && (fault.outcome === 'mapped' || fault.outcome === 'relaxed')) {
      // Only the page that was asked for: a bitmap bit is a page, whatever the size of the mapping.
      if (slot.logging) slot.dirty.mark(slot.pageOf(fault.ipa));
      this.#mmu.effects.dirtyMarked(fault.mapIpa, 1);
    }
    if (this.#mmu.freeableTables > 0 && this.#mmu.code.unlinkedTables > 0) {
      const { reclaim } = this.byName;
      if (reclaim !== undefined) return reclaim;
    }
    this.#mmu.effects.guestEntered();
    return undefined;
  }

  #reclaim(): Next {
    this.#mmu.code.endGracePeriod(this.#mmu.freeableTables);
    this.#mmu.effects.guestEntered();
    return undefined;
  }
}

/** {@link GuestFault.note} of a fault that has cleaned what it maps before it took the lock. */
const CLEANED = 1;

/**
 * Whether a fault, of a strategy that works before the lock, has cleaned all that it is going to map. What grows under the lock was a
 * page, for which nothing is done before.
 */
export function hasCleaned({ note }: Pick<GuestFault, 'note'>): boolean {
  return note === CLEANED;
}

/** Whether a fault asks for permissions of a leaf that is as large as what it maps. */
function onlyRelaxes({ table }: Stage2Mmu, { kind, level, mapBytes }: GuestFault): boolean {
  return kind === 'permission' && mapBytes === table.geometry.granuleBytes[level as Level];
}

/** Whether a fault asks for write permission of a page in a slot that logs, and for nothing else. */
function onlyRelaxesLogged(mmu: Stage2Mmu, fault: GuestFault): boolean {
  const { geometry } = mmu.table;
  const isPage = geometry.granuleBytes[fault.level as Level] === geometry.pageSizeBytes;
  return fault.kind === 'permission' && fault.write && isPage && slotOf(fault).logging;
}

/** Whether a block around a fault lies in its slot, equally aligned in host and guest, and is one of the geometry's. */
export function blockFits(mmu: Stage2Mmu, fault: GuestFault, blockBytes: number): boolean {
  return (
    leafLevelOf(mmu.table.geometry, blockBytes) !== undefined && slotOf(fault).supportsBlock(fault.ipa, blockBytes)
  );
}

/** Makes a fault map the whole block around it. */
export function growToBlock(fault: GuestFault): void {
  const slot = slotOf(fault);
  const { backing } = slot;
  fault.mapBytes = backing.blockBytes;
  fault.mapIpa = alignDown(fault.ipa, backing.blockBytes);
  fault.physAddress = backing.physAddressOf(slot.backingOffsetOf(fault.mapIpa));
}

/** What a fault asks a map for. Held by the fault, so that nothing is allocated for it. */
export function protectionOf(fault: GuestFault): Protection {
  const { protection } = fault;
  protection.write = fault.writable;
  protection.execute = fault.execute;
  return protection;
}

/**
 * Maps what a fault asks for.
 *
 * @throws MapFailedError where the map ends with an errno other than EAGAIN, which says that another vCPU was faster
 */
export function mapFault(
  fault: GuestFault,
  code: Pick<PageTableCode, 'map' | 'installedLeaves'>,
  flags: WalkFlags = { shared: false, fault: true, pagesOnly: false },
): void {
  const installedBefore = code.installedLeaves;
  const rc = code.map(fault.mapIpa, fault.mapBytes, fault.physAddress, protectionOf(fault), fault.cache, flags);
  if (rc !== OK && rc !== EAGAIN) throw new MapFailedError(fault.mapIpa, rc);
  if (code.installedLeaves === installedBefore) fault.outcome = 'spurious';
  else fault.outcome = rc === OK ? 'mapped' : 'partly-mapped';
}
