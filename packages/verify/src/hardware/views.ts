/** Views as values: what each guest access may meet, worked out once for all states in which hardware is in it. */
import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { AccessKind, WorldSlot } from '../world.ts';
import { FETCH, PAGE_BYTES, WRITE } from '../world.ts';
import { outputOf, covers } from './cached-entry.ts';
import type { CachedEntry } from './cached-entry.ts';
import type { Hole, MayBeCached } from './translation-view.ts';

/** What an access may meet. */
export interface Outcome {
  /** It completes at this page of the slot's memory; -1: at memory that is none of the slot's, the zero page. */
  readonly hostPage: number;
  /** Through a cached entry that a completed operation took out of the table. */
  readonly stale: boolean;
  /** It faults, at this level; the other fields mean nothing then. -1: it completes. */
  readonly faultLevel: number;
  readonly permission: boolean;
}

/** What hardware may do, as a value. */
export interface View {
  readonly entries: readonly { readonly entry: CachedEntry; readonly stale: boolean; readonly walkable: boolean }[];
  readonly holes: readonly Hole[];
  /** Pages of the slot's memory that the guest may reach, and that it may execute: a bit each. */
  readonly reachable: number;
  readonly executable: number;
}

/** What a view is made of. */
interface Seen {
  readonly cached: ReadonlyMap<string, Pick<MayBeCached, 'entry' | 'stale' | 'walkable'>>;
  readonly holes: readonly Hole[];
}

/** Gives equal views equal numbers, and answers what an access meets in each. */
export class Views {
  readonly #slotPages: number;
  readonly #guestPages: number;
  readonly #ids = new Map<string, number>();
  readonly #views: View[] = [];
  readonly #outcomes: (readonly Outcome[] | undefined)[] = [];

  constructor({ pages }: Pick<WorldSlot, 'pages'>, guestPages: number) {
    this.#slotPages = pages;
    this.#guestPages = guestPages;
  }

  /** The number of what hardware may do now. */
  idOf(view: Seen): number {
    const items = [...view.cached.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    let key = '';
    for (const [name, { stale, walkable }] of items) key += `${name}${stale ? '!' : ''}${walkable ? '' : '-'},`;
    const holes = [...view.holes].sort((a, b) => a.page - b.page || a.level - b.level);
    for (const { page, level } of holes) key += `;${page}:${level}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#views.length);
    return (
      this.#views.push(
        this.#freeze(
          items.map(([, item]) => item),
          holes,
        ),
      ) - 1
    );
  }

  view(id: number): View {
    const view = this.#views[id];
    if (view === undefined) throw new RangeError(`no view has the number ${id}`);
    return view;
  }

  /** What an access may meet: a guess of the hardware's, so that each has to be followed. */
  outcomes(id: number, page: number, kind: AccessKind): readonly Outcome[] {
    const index = (id * this.#guestPages + page) * 3 + kind;
    return (this.#outcomes[index] ??= this.workOut(this.view(id), page, kind));
  }

  /** Pages of the slot's memory in a range of physical addresses, a bit each. */
  hostPages(pa: number, sizeBytes: number): number {
    let mask = 0;
    for (let page = 0; page < this.#slotPages; page++) {
      const at = PHYS_BASE + page * PAGE_BYTES;
      if (at + PAGE_BYTES > pa && at < pa + sizeBytes) mask |= 1 << page;
    }
    return mask;
  }

  #freeze(items: readonly { entry: CachedEntry; stale: boolean; walkable: boolean }[], holes: readonly Hole[]): View {
    let reachable = 0;
    let executable = 0;
    for (const { entry } of items) {
      for (let page = entry.page; page < entry.page + entry.pages; page++) {
        const hostPage = this.#hostPage(outputOf(entry, page));
        if (hostPage < 0) continue;
        reachable |= 1 << hostPage;
        if (entry.execute) executable |= 1 << hostPage;
      }
    }
    const entries = items.map(({ entry, stale, walkable }) => ({ entry, stale, walkable }));
    return { entries, holes, reachable, executable };
  }

  /** What an access meets in a view, or in a part of one. */
  workOut(view: View, page: number, kind: AccessKind): readonly Outcome[] {
    const outcomes = new Map<string, Outcome>();
    const add = (outcome: Outcome): void => void outcomes.set(JSON.stringify(outcome), outcome);
    for (const { entry, stale } of view.entries) {
      if (!covers(entry, page)) continue;
      const allowed = kind === FETCH ? entry.execute : kind === WRITE ? entry.write : entry.read;
      if (allowed) add({ hostPage: this.#hostPage(outputOf(entry, page)), stale, faultLevel: -1, permission: false });
      else add({ hostPage: -1, stale: false, faultLevel: entry.level, permission: true });
    }
    for (const hole of view.holes) {
      if (page < hole.page || page >= hole.page + hole.pages) continue;
      add({ hostPage: -1, stale: false, faultLevel: hole.level, permission: false });
    }
    return [...outcomes.values()];
  }

  #hostPage(pa: number): number {
    const page = (pa - PHYS_BASE) / PAGE_BYTES;
    return page >= 0 && page < this.#slotPages ? page : -1;
  }
}
