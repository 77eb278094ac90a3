/** Holds one coalesce in a table of real size against the rules, page by page, as it runs. */
import { EAGAIN, OK } from '@s2bench/core';
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import {
  alignDown,
  IgnoreEffects,
  LAST_LEVEL,
  leafAttributes,
  outputAddress,
  type Protection,
  uint8At,
  VALID,
  WalkCache,
  walkFromRoot,
} from '@s2bench/core/stage2';
import type { Architecture } from '../hardware/architecture.ts';
import { endsWay } from '../hardware/tlbi.ts';
import type { RuleName } from '../rules/rule.ts';

/** A broken rule, and in one line how. */
export interface RealFinding {
  readonly rule: RuleName;
  readonly text: string;
  /** The action that broke it, counted from 1 in the map of the block; 0: it showed when the map had returned. */
  readonly action: number;
  /** The same in words: `action 2 (install)`. */
  readonly step: string;
}

/** What a judge judges by. */
export interface CoalesceJudging {
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  readonly arch: Architecture;
  /** Rules that are held; left out: all that one CPU alone can break. */
  readonly rules?: readonly RuleName[] | undefined;
}

/** The range that becomes a block. */
export interface RealRange {
  /** First guest address and first address of its memory, aligned to the block. */
  readonly ipa: number;
  readonly pa: number;
  readonly pages: number;
}

/** Bits 10:2 of a descriptor: memory type, rights, shareability and access flag. */
const ATTRIBUTE_BITS = 0x7fc;

/** A table page below the block's entry. */
interface HeldTable {
  readonly slot: number;
  readonly level: number;
  readonly firstPage: number;
  /** A walk may be in it. */
  held: boolean;
}

/**
 * Listens to a table. Of the hardware it knows what the explorer knows, by page instead of by set: from when a walk could
 * read a leaf any TLB may hold it, until a TLBI that covers it is complete and no walk could read it since. One CPU acts, so
 * what depends on who comes in between is the explorer's.
 */
export class CoalesceJudge extends IgnoreEffects {
  finding: RealFinding | undefined;
  /** Effects that were judged. */
  actions = 0;

  readonly #table: Stage2Table;
  readonly #range: RealRange;
  readonly #fwb: boolean;
  readonly #arch: Architecture;
  readonly #rules: readonly RuleName[] | undefined;
  /** The level of the leaf that a TLB may hold; 0: of none. */
  readonly #cached: Uint8Array;
  /** Written back to the point of coherency since the host's store. */
  readonly #clean: Uint8Array;
  /** By their serial. */
  readonly #tables = new Map<number, HeldTable>();
  /** The same by their pages, and by the first of those. */
  readonly #bySpan = new Map<number, Map<number, HeldTable>>();
  readonly #walkCache: WalkCache;
  /** What no flush of the VMID has followed yet: all that TLBs and walks may hold of what is gone lies in these. */
  readonly #changed: { readonly first: number; readonly count: number }[] = [];
  /** What the last action did, in a word or two. */
  #doing = '';
  /** Actions before the map began. */
  #before = 0;
  #isOver = false;
  /** References of all table pages, as far as they were told: what a page still had when it was freed is missing from it. */
  #references = 0;

  constructor(table: Stage2Table, range: RealRange, { fwb, arch, rules }: CoalesceJudging) {
    super();
    this.#table = table;
    this.#range = range;
    this.#fwb = fwb;
    this.#arch = arch;
    this.#rules = rules;
    this.#cached = new Uint8Array(range.pages);
    this.#clean = new Uint8Array(range.pages);
    this.#walkCache = new WalkCache(table);
  }

  /** The abort handler of kernels that clean there has cleaned all of it. */
  cleanAll(): void {
    this.#clean.fill(1);
  }

  /** Takes in which tables there are: walks may be in each of them. The map begins. */
  begin(): void {
    this.#before = this.actions;
    this.#references = this.#referencesHeld();
    const { arena, geometry } = this.#table;
    const { ipa, pages } = this.#range;
    for (const slot of arena.liveSlots()) {
      const firstPage = (arena.baseOf(slot) - ipa) / geometry.pageSizeBytes;
      const level = arena.levelOf(slot);
      const span = (geometry.granuleBytes[level as Level] * geometry.entriesPerTable) / geometry.pageSizeBytes;
      if (firstPage < 0 || firstPage + span > pages || level === geometry.startLevel) continue;
      const table = { slot, level, firstPage, held: true };
      this.#tables.set(arena.serialOf(slot), table);
      const ofSpan = this.#bySpan.get(span) ?? new Map<number, HeldTable>();
      this.#bySpan.set(span, ofSpan.set(firstPage, table));
    }
  }

  override entryInvalidated(_entry: number, address: number, level: number): void {
    this.#act('invalidate');
    this.#changed.push(this.#pagesAt(address, level));
  }

  override entryLocked(entry: number, address: number, level: number): void {
    this.entryInvalidated(entry, address, level);
  }

  override leafInstalled(entry: number, address: number, level: number): void {
    this.#act('install');
    const { geometry } = this.#table;
    const { pa, pages } = this.#range;
    const { first, count } = this.#pagesAt(address, level);
    // Where a table stood, its pages are unlinked.
    if (level < LAST_LEVEL) this.#changed.push({ first, count });
    if (first < 0 || first + count > pages) {
      this.#break('mapping', `a leaf of level ${level} maps more than was asked for`);
      return;
    }
    const output = outputAddress(this.#table.low(entry), this.#table.high(entry), geometry);
    if (output !== pa + first * geometry.pageSizeBytes)
      this.#break('mapping', `page ${first} is mapped to the memory of another`);
    this.#judgePages(level, first, first + count);
    this.#cached.fill(level, first, first + count);
  }

  /** The first page at fault alone is named: a block of level 1 has 262144, which are looked through as bytes. */
  #judgePages(level: number, first: number, behind: number): void {
    // With FEAT_BBM level 2 a TLB may hold both, where they lead to the same memory, which is looked at above.
    const twice = this.#arch.bbm < 2 ? this.#firstOfOther(level, first, behind) : -1;
    const unclean = this.#fwb ? -1 : firstOf(this.#clean, 0, first, behind);
    const sayTwice = (): void => {
      if (twice < 0) return;
      const text = `page ${twice} may be cached at level ${this.#cached[twice] ?? 0} while level ${level} maps it too`;
      this.#break('break-before-make', text);
    };
    // Of two rules that are broken the first page comes first; one that is not looked for stands back.
    if (twice <= unclean) sayTwice();
    if (unclean >= 0)
      this.#break('data-coherency', `page ${unclean} is mapped at level ${level} and was never cleaned`);
    if (twice > unclean) sayTwice();
  }

  /** The first page that a TLB may hold at another level, or -1. */
  #firstOfOther(level: number, first: number, behind: number): number {
    let page = -1;
    for (let other = 1; other <= LAST_LEVEL; other++) {
      const found = other === level ? -1 : firstOf(this.#cached, other, first, page < 0 ? behind : page);
      if (found >= 0) page = found;
    }
    return page;
  }

  override tlbiVmid(): void {
    this.#act('TLBI VMID');
    for (const { first, count } of this.#changed) this.#forget(first, count);
    this.#changed.length = 0;
  }

  override tlbiIpa(address: number, level: number): void {
    this.#act('TLBI IPA');
    const page = Math.floor((address - this.#range.ipa) / this.#table.geometry.pageSizeBytes);
    if (page < 0 || page >= this.#range.pages) return;
    // Of what a way leads to nothing is asked that no walk can come to any more: it is read before the leaf goes.
    this.#unlinkHinted(page, level);
    const cached = uint8At(this.#cached, page);
    // With a hint of another level no leaf of this one need go.
    if (cached === 0 || (level !== 0 && cached !== level)) return;
    const pages = this.#table.geometry.granuleBytes[cached as Level] / this.#table.geometry.pageSizeBytes;
    const first = alignDown(page, pages);
    this.#flush(first, first + pages);
  }

  override tlbiRange(address: number, pages: number): void {
    this.#act('TLBI range');
    this.#forget(Math.floor((address - this.#range.ipa) / this.#table.geometry.pageSizeBytes), pages);
  }

  override dcacheClean(address: number, sizeBytes: number): void {
    this.#act('clean');
    const { pageSizeBytes } = this.#table.geometry;
    const first = Math.ceil((address - this.#range.pa) / pageSizeBytes);
    const behind = Math.floor((address + sizeBytes - this.#range.pa) / pageSizeBytes);
    if (behind > 0) this.#clean.fill(1, Math.max(0, first), Math.min(this.#range.pages, behind));
  }

  override tableFreed(serial: number): void {
    this.#act('free table');
    const table = this.#tables.get(serial);
    if (table?.held === true)
      this.#break('walker-safety', `the table page of page ${table.firstPage} is freed while a walk may be in it`);
    if (table !== undefined) table.held = false;
    this.#tables.delete(serial);
    // free_page() drops the page's own reference, and frees it only where that was the last.
    const left = this.#references - this.#referencesHeld();
    this.#references -= left;
    if (left !== 0)
      this.#break(
        'accounting',
        `the table page of page ${table?.firstPage ?? 0} is freed with a count of ${left + 1}, its own reference included`,
      );
  }

  override tableAllocated(): void {
    this.#references++;
  }

  override referencesTaken(count: number): void {
    this.#references += count;
  }

  override referencesDropped(count: number): void {
    this.#references -= count;
  }

  #referencesHeld(): number {
    let sum = 0;
    for (const count of this.#table.arena.refcounts) sum += count;
    return sum;
  }

  /**
   * The map has returned.
   *
   * @param rc - 0 or a negative errno
   * @param protection - what was asked for
   */
  end(rc: number, protection: Protection): void {
    this.#isOver = true;
    this.#checkCounts();
    const { geometry, fwb } = this.#table;
    // Who answers EAGAIN lets the guest fault again: it gets on where all of the range has been mapped meanwhile.
    const rule = rc === OK ? 'mapping' : 'progress';
    const wanted = leafAttributes(protection, fwb);
    if (rc !== OK && rc !== EAGAIN) this.#break('progress', `the map ends with errno ${Math.abs(rc)}`);
    for (let page = 0; page < this.#range.pages && this.finding === undefined;) {
      const entry = this.#walk(page);
      const low = this.#table.low(entry);
      if ((low & VALID) === 0) this.#break(rule, `page ${page} is not mapped when the map returns ${resultText(rc)}`);
      else {
        const output = outputAddress(low, this.#table.high(entry), geometry);
        if (output !== this.#range.pa + page * geometry.pageSizeBytes)
          this.#break('mapping', `page ${page} leads to the memory of another`);
        if (((low ^ (wanted?.low ?? 0)) & ATTRIBUTE_BITS) !== 0)
          this.#break(rule, `page ${page} keeps other rights or attributes when the map returns ${resultText(rc)}`);
      }
      page = this.#pageBehind(page, entry);
    }
  }

  #checkCounts(): void {
    const { arena, geometry } = this.#table;
    for (const slot of arena.liveSlots()) {
      const valid = this.#table.countValid(slot * geometry.entriesPerTable, geometry.entriesPerTable);
      if (arena.refcounts[slot] !== 1 + valid)
        this.#break(
          'accounting',
          `a table page of level ${arena.levelOf(slot)} has ${arena.refcounts[slot] ?? 0} references and ${valid} valid entries`,
        );
    }
    for (const table of this.#tables.values())
      if (!this.#isLinked(table)) this.#break('accounting', `the table page of page ${table.firstPage} is never freed`);
  }

  /** The pages of an entry. */
  #pagesAt(address: number, level: number): { readonly first: number; readonly count: number } {
    const { granuleBytes, pageSizeBytes } = this.#table.geometry;
    const granule = granuleBytes[level as Level];
    return { first: (alignDown(address, granule) - this.#range.ipa) / pageSizeBytes, count: granule / pageSizeBytes };
  }

  /** A TLBI by IPA ends the ways to a page that its hint speaks of (linux 36e008323926). */
  #unlinkHinted(page: number, hint: number): void {
    for (const [span, tables] of this.#bySpan) {
      const table = tables.get(alignDown(page, span));
      if (table?.held !== true) continue;
      const leafLevel = this.#leafLevelBelow(table.slot, table.level, page);
      if (this.#arch.ttl === 'lenient' || endsWay(hint, table.level, leafLevel)) table.held = this.#isLinked(table);
    }
  }

  /** The level of the leaf that a walk from a table page on ends at; 0 where there is none. */
  #leafLevelBelow(slot: number, level: number, page: number): number {
    const table = this.#table;
    const { entriesPerTable, granuleBytes, pageSizeBytes } = table.geometry;
    const address = this.#range.ipa + page * pageSizeBytes;
    const entry = slot * entriesPerTable + (Math.floor(address / granuleBytes[level as Level]) % entriesPerTable);
    if ((table.low(entry) & VALID) === 0) return 0;
    return table.pointsToTable(entry, level) ? this.#leafLevelBelow(table.childOf(entry), level + 1, page) : level;
  }

  /** No walk is in those table pages of a range any more that none can reach. */
  #unlink(first: number, count: number): void {
    for (const [span, tables] of this.#bySpan)
      for (
        let page = alignDown(Math.max(0, first), span);
        page < first + count && page < this.#range.pages;
        page += span
      ) {
        const table = tables.get(page);
        if (table?.held === true) table.held = this.#isLinked(table);
      }
  }

  /** A TLBI covers a range of pages, of which some may lie outside of the judged one. */
  #forget(first: number, count: number): void {
    this.#flush(Math.max(0, first), Math.min(first + count, this.#range.pages));
    this.#unlink(first, count);
  }

  /** A TLBI covers what a TLB may hold of a range of pages: it is gone, unless a walk can read it still. */
  #flush(first: number, behind: number): void {
    for (let page = first; page < behind;) {
      const entry = this.#walk(page);
      const end = Math.min(behind, this.#pageBehind(page, entry));
      if ((this.#table.low(entry) & VALID) === 0) this.#cached.fill(0, page, end);
      page = end;
    }
  }

  /** The first page behind those that an entry translates. */
  #pageBehind(page: number, entry: number): number {
    const { arena, geometry } = this.#table;
    const pages = geometry.granuleBytes[arena.levelOf(this.#table.slotOf(entry)) as Level] / geometry.pageSizeBytes;
    return alignDown(page, pages) + pages;
  }

  #walk(page: number): number {
    return walkFromRoot(this.#table, this.#range.ipa + page * this.#table.geometry.pageSizeBytes, this.#walkCache);
  }

  /** Whether a walk that begins now comes through a table page. */
  #isLinked({ slot, firstPage }: HeldTable): boolean {
    const table = this.#table;
    const { geometry } = table;
    const address = this.#range.ipa + firstPage * geometry.pageSizeBytes;
    let at = Math.floor(address / geometry.rootPageSpanBytes);
    for (let level = geometry.startLevel; level < 3; level++) {
      const granule = geometry.granuleBytes[level as Level];
      const entry = at * geometry.entriesPerTable + (Math.floor(address / granule) % geometry.entriesPerTable);
      if (!table.pointsToTable(entry, level)) return false;
      at = table.childOf(entry);
      if (at === slot) return true;
    }
    return false;
  }

  #act(doing: string): void {
    this.actions++;
    this.#doing = doing;
  }

  #break(rule: RuleName, text: string): void {
    if (this.#rules?.includes(rule) === false) return;
    const action = this.#isOver ? 0 : this.actions - this.#before;
    this.finding ??= { rule, text, action, step: action === 0 ? 'its return' : `${action} (${this.#doing})` };
  }
}

/** Where a byte stands first in a range, or -1. A block is worth the view that a search takes, a page is not. */
function firstOf(bytes: Uint8Array, byte: number, first: number, behind: number): number {
  if (behind - first <= 1) return behind > first && uint8At(bytes, first) === byte ? first : -1;
  const at = bytes.subarray(first, behind).indexOf(byte);
  return at < 0 ? -1 : first + at;
}

function resultText(rc: number): string {
  return rc === OK ? '0' : rc === EAGAIN ? '-EAGAIN' : String(rc);
}
