/** How far a loop of a guest runs on, and what its accesses take: by what its TLBs hold, else by the table. */
import { AccessCheck, countHits, findEntry, levelOfEntry, type Stage2Table } from '@s2bench/core/stage2';
import type { AccessRun } from '@s2bench/kernel';
import type { AccessNs } from './charges.ts';
import type { GuestWalks } from './guest-walk.ts';
import { HELD, type Tlb } from './tlb.ts';

/** Accesses of one loop that all take as long. */
export class LoopPlan {
  /** How long each of them takes, in accesses of the profile. */
  each = 1;
  /** Descriptors that each reads in its walk, and lines of them that it brings, at a mean. */
  reads = 0;
  lines = 0;
  /** Their translations are in the TLBs: they hit whatever the table says, until a TLBI is complete. */
  held = false;
  /** Bytes that a translation reaches, from one of which to the next the table is not asked; 0 without TLBs. */
  entryBytes = 0;
  /** Of the accesses that were done, those whose translations have been flushed since. */
  flushed = 0;

  /** Whether an access may hit what the table no longer says. */
  outlivesBreaks({ strideBytes }: AccessRun): boolean {
    return this.held || strideBytes < this.entryBytes;
  }
}

/** What accesses of guests come to. */
export class AccessSums {
  accesses = 0;
  /** How long they take alone, in accesses of the profile. */
  units = 0;
  /** Descriptors that their walks read, and lines of them that they bring. */
  reads = 0;
  lines = 0;

  add({ each, reads, lines }: LoopPlan, accesses: number): void {
    this.accesses += accesses;
    this.units += each * accesses;
    this.reads += reads * accesses;
    this.lines += lines * accesses;
  }

  /** Adds others, so many times. */
  addTimes(others: AccessSums, times: number): void {
    this.accesses += times * others.accesses;
    this.units += times * others.units;
    this.reads += times * others.reads;
    this.lines += times * others.lines;
  }
}

/** Plans the loops of a guest. */
export class LoopPlanner {
  /** Why the access that was planned last faults. */
  readonly check = new AccessCheck();
  readonly #table: Stage2Table;
  readonly walks: GuestWalks;

  constructor(table: Stage2Table, walks: GuestWalks) {
    this.#table = table;
    this.walks = walks;
  }

  /**
   * Plans a loop from one of its accesses on.
   *
   * @param tlb - of the vCPU; left out: TLBs are not modelled, and all accesses take as long
   * @param most - accesses that are left
   * @returns accesses that hit, all of which take as long; 0 where the first one faults, which {@link check} says how
   */
  plan(plan: LoopPlan, tlb: Tlb | undefined, run: AccessRun, index: number, most: number): number {
    const table = this.#table;
    const { strideBytes, write } = run;
    const address = run.startIpa + index * strideBytes;
    if (tlb === undefined) {
      return this.check.hits(table, address, write) ? countHits(table, address, most, strideBytes, write) : 0;
    }
    const held = tlb.find(address, strideBytes, most);
    if (held > 0) {
      this.#held(plan, tlb, strideBytes);
      if (!write || tlb.grantsWrites) return held;
      // It was read until now, and its entry may grant no more than that.
      return this.check.hits(table, address, write) ? countHits(table, address, held, strideBytes, write) : 0;
    }
    if (!this.check.hits(table, address, write)) return 0;
    const level = levelOfEntry(table, findEntry(table, address) ?? 0);
    this.#walked(plan, level, strideBytes);
    return tlb.untilFound(address, strideBytes, countHits(table, address, most, strideBytes, write, true));
  }

  /**
   * How long accesses take one after the other.
   *
   * @param accessNs - of the profile
   */
  timeOf({ accesses, units, reads, lines }: AccessSums, accessNs: number): AccessNs {
    const { farNs, readNs, lineNs } = this.walks;
    return {
      aloneNs: units * accessNs,
      farNs: accesses * farNs,
      walkReadsNs: reads * readNs,
      walkLinesNs: lines * lineNs,
    };
  }

  /** Accesses of a plan were done: their translations are in the TLBs. */
  done(plan: LoopPlan, tlb: Tlb, run: AccessRun, index: number, accesses: number): void {
    const left = accesses - plan.flushed;
    const address = run.startIpa + (index + plan.flushed) * run.strideBytes;
    plan.flushed = 0;
    if (left <= 0) return;
    if (plan.held) tlb.renewed(address, run.strideBytes, left, run.write);
    else tlb.used(address, run.strideBytes, left, plan.entryBytes, run.write);
  }

  /** Found in the TLBs. */
  #held(plan: LoopPlan, tlb: Tlb, strideBytes: number): void {
    const walks = this.walks;
    plan.held = true;
    plan.entryBytes = walks.entryBytes;
    plan.flushed = 0;
    plan.reads = tlb.how === HELD ? 0 : walks.readsOfStage1(strideBytes);
    // Its descriptors were read not long ago.
    plan.lines = 0;
    plan.each = walks.accessesOf(plan.reads, 0);
  }

  /** Walked, through stage-2 entries of a level. */
  #walked(plan: LoopPlan, level: number, strideBytes: number): void {
    const walks = this.walks;
    plan.held = false;
    plan.entryBytes = walks.entryBytes;
    plan.flushed = 0;
    plan.reads = walks.readsOf(level, strideBytes);
    plan.lines = walks.linesOf(level, strideBytes);
    plan.each = walks.accessesOf(plan.reads, plan.lines);
  }
}
