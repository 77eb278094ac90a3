/** What steps do to the pages of the slot: caches, I-cache, dirty bitmap. */
import type { Observer } from '../rules/rule.ts';
import {
  afterGuestWrite,
  afterHostWrite,
  afterTakenAway,
  COHERENT,
  fetchesOldContents,
  GUEST_CACHED,
  OWED,
} from '../memory/page-state.ts';
import type { Moments } from '../hardware/timeline.ts';
import type { Layout } from './layout.ts';
import { PAGE_STATE, REACHED, STALE_LINE } from './layout.ts';

/** Applies to a state's pages. */
export class GuestPages<Looks extends Observer = Observer> {
  readonly #layout: Layout;
  readonly #moments: Moments;
  readonly #fwb: boolean;
  readonly #maintenance: readonly Looks[];

  constructor(layout: Layout, moments: Moments, rules: readonly Looks[], fwb: boolean) {
    this.#layout = layout;
    this.#moments = moments;
    this.#fwb = fwb;
    this.#maintenance = rules.filter((rule) => rule.maintenance !== undefined);
  }

  /**
   * The step into a moment: its maintenance, then what the guest may reach there.
   *
   * @returns the first rule that the maintenance breaks, with the page
   */
  enter(words: Uint32Array, moment: number): { rule: Looks; page: number } | undefined {
    const moments = this.#moments;
    const layout = this.#layout;
    const cleaned = moments.cleaned.at(moment);
    const discarded = moments.discarded.at(moment);
    const invalidated = moments.invalidated.at(moment);
    const reachable = moments.reachable.at(moment);
    const executable = moments.executable.at(moment);
    if ((cleaned | discarded | invalidated | reachable) === 0) return undefined;
    let broken: { rule: Looks; page: number } | undefined;
    for (let page = 0; page < layout.pages; page++) {
      const bit = 1 << page;
      if (((cleaned | discarded) & bit) !== 0) {
        broken ??= this.#maintain(words, page, (cleaned & bit) !== 0);
      }
      if ((invalidated & bit) !== 0) layout.setPage(words, page, STALE_LINE, 0);
      if ((reachable & bit) === 0) continue;
      layout.setPage(words, page, REACHED, 1);
      // Speculation fills the I-cache through any executable mapping, also one that no program uses.
      if ((executable & bit) !== 0 && fetchesOldContents(layout.getPage(words, page, PAGE_STATE), this.#fwb)) {
        layout.setPage(words, page, STALE_LINE, 1);
      }
    }
    return broken;
  }

  /** The host stores to a page. `mapping`: a lock section that maps it is under way, so that the two race. */
  hostWrites(words: Uint32Array, page: number, mapping: boolean): void {
    const layout = this.#layout;
    const reached = mapping || layout.getPage(words, page, REACHED) === 1;
    layout.setPage(words, page, PAGE_STATE, afterHostWrite(reached));
    if (!reached) layout.setPage(words, page, STALE_LINE, 1);
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
      layout.setPage(words, page, REACHED, 0);
      layout.setPage(words, page, PAGE_STATE, afterTakenAway(layout.getPage(words, page, PAGE_STATE)));
    }
  }

  #maintain(words: Uint32Array, page: number, clean: boolean): { rule: Looks; page: number } | undefined {
    const layout = this.#layout;
    const state = layout.getPage(words, page, PAGE_STATE);
    const rule = this.#maintenance.find((each) => each.maintenance?.(state, clean) === true);
    if (rule !== undefined) return { rule, page };
    // A line that is thrown away leaves memory as it was: of a host's store nothing is left to be seen.
    if (clean) layout.setPage(words, page, PAGE_STATE, COHERENT);
    else layout.setPage(words, page, PAGE_STATE, state === GUEST_CACHED ? OWED : state);
    return undefined;
  }
}
