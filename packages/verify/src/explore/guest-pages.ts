/** What steps do to the pages of the slot: caches, I-cache, dirty bitmap. */
import type { Observer } from '../rules/rule.ts';
import type { PageState } from '../memory/page-state.ts';
import {
  afterDiscard,
  afterGuestWrite,
  afterHostWrite,
  afterTakenAway,
  COHERENT,
  isOwed,
} from '../memory/page-state.ts';
import { uint32At } from '@s2bench/core/stage2';
import type { Architecture } from '../hardware/architecture.ts';
import type { Moments } from '../hardware/timeline.ts';
import type { Layout } from './layout.ts';
import { MOMENT, PAGE_STATE, STALE_LINE } from './layout.ts';

/** Applies to a state's pages. */
export class GuestPages<Looks extends Observer = Observer> {
  readonly #layout: Layout;
  readonly #moments: Moments;
  /** Instruction fetches look past dirty lines of the data cache. */
  readonly #fetchesMemory: boolean;
  /** Instruction fetches may hit lines of the I-cache that are older than memory. */
  readonly #fetchesOldLines: boolean;
  readonly #maintenance: readonly Looks[];
  /** By the state of a page: the rule that a write-back of it breaks. */
  readonly #writeBack: readonly (Looks | undefined)[];
  readonly #losesByWriteBack: boolean;

  constructor(layout: Layout, moments: Moments, rules: readonly Looks[], fwb: boolean, arch: Architecture) {
    this.#layout = layout;
    this.#moments = moments;
    // FEAT_S2FWB comes with CTR_EL0.IDC: linux v5.11, __clean_dcache_guest_page().
    this.#fetchesMemory = !arch.idc && !fwb;
    this.#fetchesOldLines = !arch.dic;
    const writeBack = arch.writeBack && !fwb ? rules.filter((rule) => rule.writeBack !== undefined) : [];
    this.#writeBack = Array.from({ length: PAGE_STATE.most + 1 }, (_, state: PageState) =>
      writeBack.find((rule) => rule.writeBack?.(state) === true),
    );
    this.#losesByWriteBack = this.#writeBack.some((rule) => rule !== undefined);
    this.#maintenance = rules.filter((rule) => rule.maintenance !== undefined);
  }

  /**
   * The step into a moment: its maintenance, then what the guest may execute there.
   *
   * @returns the first rule that the maintenance breaks, with the page
   */
  enter(words: Uint32Array, moment: number): { rule: Looks; page: number } | undefined {
    const moments = this.#moments;
    const layout = this.#layout;
    const cleaned = moments.cleaned.at(moment);
    const discarded = moments.discarded.at(moment);
    const invalidated = moments.invalidated.at(moment);
    const executable = moments.executable.at(moment);
    if ((cleaned | discarded | invalidated | executable) === 0) return undefined;
    let broken: { rule: Looks; page: number } | undefined;
    for (let page = 0; page < layout.pages; page++) {
      const bit = 1 << page;
      if (((cleaned | discarded) & bit) !== 0) {
        broken ??= this.#maintain(words, page, (cleaned & bit) !== 0);
      }
      if ((invalidated & bit) !== 0) layout.setPage(words, page, STALE_LINE, 0);
      // Speculation fills the I-cache through any executable mapping, also one that no program uses.
      if ((executable & bit) !== 0 && this.#fetchesMemory && isOwed(layout.getPage(words, page, PAGE_STATE))) {
        layout.setPage(words, page, STALE_LINE, 1);
      }
    }
    return broken;
  }

  /**
   * The host stores to a page. KVM owes a clean of it unless the guest can reach the page at this moment, whatever it
   * could reach before: whenever a page comes into reach again, KVM cleans it again.
   *
   * @param mapping - a lock section that maps it is under way, so that the two race
   */
  hostWrites(words: Uint32Array, page: number, mapping: boolean): void {
    const layout = this.#layout;
    const reached = mapping || ((this.#moments.reachable.at(uint32At(words, MOMENT)) >>> page) & 1) === 1;
    layout.setPage(words, page, PAGE_STATE, afterHostWrite(reached));
    if (!reached) layout.setPage(words, page, STALE_LINE, 1);
  }

  /**
   * Cleans pages outside of a lock section.
   *
   * @returns the first rule that it breaks, with the page
   */
  clean(words: Uint32Array, mask: number): { rule: Looks; page: number } | undefined {
    let broken: { rule: Looks; page: number } | undefined;
    for (let page = 0; page < this.#layout.pages; page++)
      if (((mask >>> page) & 1) !== 0) broken ??= this.#maintain(words, page, true);
    return broken;
  }

  guestWrites(words: Uint32Array, page: number, cached: boolean): void {
    const state = this.#layout.getPage(words, page, PAGE_STATE);
    this.#layout.setPage(words, page, PAGE_STATE, afterGuestWrite(state, cached));
  }

  /** The host has taken pages from the guest. */
  takenAway(words: Uint32Array, mask: number): void {
    const layout = this.#layout;
    for (let page = 0; page < layout.pages; page++) {
      if (((mask >>> page) & 1) === 0) continue;
      layout.setPage(words, page, PAGE_STATE, afterTakenAway(layout.getPage(words, page, PAGE_STATE)));
    }
  }

  /** Whether a fetch from a page may run what it held before the host wrote it. */
  fetchesOld(words: Uint32Array, page: number): boolean {
    if (this.#fetchesOldLines) return this.#layout.getPage(words, page, STALE_LINE) === 1;
    return this.#fetchesMemory && isOwed(this.#layout.getPage(words, page, PAGE_STATE));
  }

  /** The first page of which a dirty line must not be written back, and by which rule. Hardware may do so at any moment. */
  writeBack(words: Uint32Array): { rule: Looks; page: number } | undefined {
    if (!this.#losesByWriteBack) return undefined;
    for (let page = 0; page < this.#layout.pages; page++) {
      const rule = this.#writeBack[this.#layout.getPage(words, page, PAGE_STATE)];
      if (rule !== undefined) return { rule, page };
    }
    return undefined;
  }

  #maintain(words: Uint32Array, page: number, clean: boolean): { rule: Looks; page: number } | undefined {
    const layout = this.#layout;
    const state = layout.getPage(words, page, PAGE_STATE);
    const rule = this.#maintenance.find((each) => each.maintenance?.(state, clean) === true);
    if (rule !== undefined) return { rule, page };
    // A line that is thrown away leaves memory as it was: of a host's store nothing is left to be seen.
    layout.setPage(words, page, PAGE_STATE, clean ? COHERENT : afterDiscard(state));
    return undefined;
  }
}
