/**
 * What walkers and TLBs of all CPUs may hold while several sections run: the set of ../hardware/translation-view.ts, as a
 * value, with TLBIs that are known by who has issued them.
 */
import type { Geometry } from '@s2bench/core/stage2';
import { childSerial, TYPE_TABLE, VALID } from '@s2bench/core/stage2';
import type { Architecture } from '../hardware/architecture.ts';
import type { CachedEntry } from '../hardware/cached-entry.ts';
import { cachedEntry, keyOf } from '../hardware/cached-entry.ts';
import type { Hole } from '../hardware/translation-view.ts';
import { coversEntry, endsWay, firstNamed } from '../hardware/tlbi.ts';
import { conflicts } from '../hardware/translation-view.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Tlbi } from './step.ts';

const LAST_LEVEL = 3;

/** A table page, as a walk and software see it. */
export interface WalkablePage {
  readonly slot: number;
  readonly level: number;
  readonly base: number;
}

/** Memory, as walks read it. */
export interface WalkedMemory {
  /** A live table page; `undefined`: nothing is known of what stands there. */
  pageAt(slot: number): WalkablePage | undefined;
  /** Calls for each pair of words that a walk may read of an entry: what every CPU sees, then what it need not see yet. */
  forEachValue(entry: number, look: (low: number, high: number) => void): void;
}

/** A TLBI that is issued and not complete, and the agent that waits for it. */
interface Issued {
  readonly agent: number;
  readonly what: Tlbi;
}

/** A cached leaf and its fate. Masks have a bit per agent. */
export interface HeldEntry {
  readonly entry: CachedEntry;
  /** A walk that starts now can read it. */
  walkable: boolean;
  /** Whose TLBIs cover it. */
  issued: number;
  /** Whose sections took it out of the table, and have not returned. */
  takers: number;
  /** All of those have returned. */
  stale: boolean;
  /** CPUs that have forgotten it by a TLBI of their own, and could not read it since. */
  absent: number;
}

/** What may be held. */
export class Translations {
  readonly cached: Map<string, HeldEntry>;
  /** Table pages below the root that a walk in progress may hold a pointer to, and the TLBIs that end those walks. */
  readonly held: Map<number, readonly Issued[]>;
  holes: Hole[] = [];
  readonly #geometry: Geometry;
  readonly #arch: Architecture;

  constructor(geometry: Geometry, arch: Architecture, from?: Translations) {
    this.#geometry = geometry;
    this.#arch = arch;
    this.cached = new Map();
    if (from !== undefined) for (const [key, item] of from.cached) this.cached.set(key, { ...item });
    this.held = new Map(from?.held);
    this.holes = from?.holes ?? [];
  }

  clone(): Translations {
    return new Translations(this.#geometry, this.#arch, this);
  }

  /** All that a later step may hang on, as text. */
  key(): string {
    const items = [...this.cached].map(
      ([key, { walkable, issued, takers, stale, absent }]) =>
        `${key}${walkable ? 'w' : '-'}${issued}.${takers}${stale ? '!' : ''}.${absent}`,
    );
    const held = [...this.held].map(([slot, issued]) => `${slot}:${issued.map(issuedText).sort().join('+')}`);
    return `${items.sort().join()};${held.sort().join()}`;
  }

  /** A TLBI is issued. */
  issue(agent: number, what: Tlbi, memory: WalkedMemory): void {
    for (const item of this.cached.values()) if (tlbiCovers(what, item.entry)) item.issued |= 1 << agent;
    for (const [slot, issued] of this.held) {
      if (this.#endsWalk(what, slot, memory)) this.held.set(slot, [...issued, { agent, what }]);
    }
  }

  /** The TLBIs of an agent are complete, everywhere. */
  complete(agent: number): void {
    for (const [key, item] of this.cached) if ((item.issued >>> agent) & 1) this.cached.delete(key);
    for (const [slot, issued] of this.held) if (issued.some((each) => each.agent === agent)) this.held.delete(slot);
  }

  /** A CPU forgets, by itself, what a TLBI covers. */
  forget(agent: number, what: Tlbi): void {
    for (const item of this.cached.values())
      if (!item.walkable && tlbiCovers(what, item.entry)) item.absent |= 1 << agent;
  }

  /** A table page is given back. */
  drop(slot: number): void {
    this.held.delete(slot);
  }

  /**
   * An agent's section has returned: what it took away is stale, unless the table still gives as much of the same memory.
   * A permission that was added leaves narrower entries behind, which only fault once more.
   */
  returned(agent: number): void {
    for (const item of this.cached.values()) {
      if (((item.takers >>> agent) & 1) === 0) continue;
      item.takers &= ~(1 << agent);
      if (item.takers === 0 && !item.walkable && !this.#isGiven(item.entry)) item.stale = true;
    }
  }

  #isGiven(entry: CachedEntry): boolean {
    for (const { walkable, entry: now } of this.cached.values()) {
      if (!walkable || now.page !== entry.page || now.pages !== entry.pages || now.pa !== entry.pa) continue;
      if ((now.read || !entry.read) && (now.write || !entry.write)) return true;
    }
    return false;
  }

  /** Two entries that hardware must never hold together. */
  conflict(): readonly [CachedEntry, CachedEntry] | undefined {
    const entries = [...this.cached.values()].map(({ entry }) => entry);
    for (const [at, a] of entries.entries()) {
      for (const b of entries.slice(at + 1)) if (conflicts(a, b, this.#arch.bbm)) return [a, b];
    }
    return undefined;
  }

  /** Adds whatever a walk can reach now. `agent` is who changed what walks read. */
  walk(memory: WalkedMemory, agent: number): void {
    const before = new Set<HeldEntry>();
    for (const item of this.cached.values()) {
      if (item.walkable) before.add(item);
      item.walkable = false;
    }
    this.holes = [];
    for (let page = 0; page < this.#geometry.rootPages; page++) this.#walkTable(memory, page, true, []);
    for (const [slot, issued] of [...this.held]) this.#walkTable(memory, slot, false, issued);
    for (const item of before) if (!item.walkable) item.takers |= 1 << agent;
  }

  /** @param issued - that end the walk which got here */
  #walkTable(memory: WalkedMemory, slot: number, linked: boolean, issued: readonly Issued[]): void {
    const table = memory.pageAt(slot);
    if (table === undefined) return;
    const granule = this.#geometry.granuleBytes[table.level as 0 | 1 | 2 | 3];
    for (let index = 0; index < this.#geometry.entriesPerTable; index++) {
      const ipa = table.base + index * granule;
      memory.forEachValue(slot * this.#geometry.entriesPerTable + index, (low, high) => {
        const isTable = (low & VALID) !== 0 && table.level < LAST_LEVEL && (low & TYPE_TABLE) !== 0;
        if (isTable) this.#descend(memory, childSerial(low, high, this.#geometry), linked, issued);
        else this.#reach(low, high, ipa, table.level, linked, issued);
      });
    }
  }

  #descend(memory: WalkedMemory, child: number, linked: boolean, issued: readonly Issued[]): void {
    if (memory.pageAt(child) === undefined) return;
    const holds = this.#arch.without?.includes('held-pointers') !== true;
    if (holds && (linked || !this.held.has(child))) this.held.set(child, issued);
    this.#walkTable(memory, child, linked, issued);
  }

  #reach(low: number, high: number, ipa: number, level: number, linked: boolean, issued: readonly Issued[]): void {
    const entry = (low & VALID) === 0 ? undefined : cachedEntry(low, high, ipa, level, this.#geometry);
    if (entry === undefined) {
      const pages = this.#geometry.granuleBytes[level as 0 | 1 | 2 | 3] / PAGE_BYTES;
      if (linked) this.holes.push({ page: ipa / PAGE_BYTES, pages, level });
      return;
    }
    let covering = 0;
    for (const { agent, what } of issued) if (tlbiCovers(what, entry)) covering |= 1 << agent;
    const key = keyOf(entry);
    const item = this.cached.get(key);
    if (item === undefined) {
      this.cached.set(key, { entry, walkable: linked, issued: covering, takers: 0, stale: false, absent: 0 });
      return;
    }
    item.issued &= covering;
    if (!linked) return;
    item.walkable = true;
    item.takers = 0;
    item.stale = false;
    item.absent = 0;
  }

  #endsWalk(what: Tlbi, slot: number, memory: WalkedMemory): boolean {
    if (what === 'vmid') return true;
    const table = memory.pageAt(slot);
    if (table === undefined) return false;
    const first = table.base / PAGE_BYTES;
    const span =
      (this.#geometry.granuleBytes[table.level as 0 | 1 | 2 | 3] * this.#geometry.entriesPerTable) / PAGE_BYTES;
    const from = firstNamed(what, first, span);
    if (from === undefined) return false;
    return this.#arch.ttl === 'lenient' || endsWay(what.level, table.level, this.#leafLevel(memory, slot, from));
  }

  /** The level of the leaf that a walk from a table page on ends at; 0 where there is none. */
  #leafLevel(memory: WalkedMemory, slot: number, page: number): number {
    const table = memory.pageAt(slot);
    if (table === undefined) return 0;
    const granule = this.#geometry.granuleBytes[table.level as 0 | 1 | 2 | 3];
    const entry = slot * this.#geometry.entriesPerTable + Math.floor((page * PAGE_BYTES - table.base) / granule);
    let found = 0;
    let isFirst = true;
    memory.forEachValue(entry, (low, high) => {
      if (!isFirst) return;
      isFirst = false;
      if ((low & VALID) === 0) return;
      found =
        table.level === LAST_LEVEL || (low & TYPE_TABLE) === 0
          ? table.level
          : this.#leafLevel(memory, childSerial(low, high, this.#geometry), page);
    });
    return found;
  }
}

/** Whether a TLBI covers a leaf. */
function tlbiCovers(what: Tlbi, entry: CachedEntry): boolean {
  return what === 'vmid' || coversEntry(entry, what);
}

function issuedText({ agent, what }: Issued): string {
  return what === 'vmid' ? `${agent}v` : `${agent}p${what.page}+${what.pages}l${what.level}`;
}
