/**
 * All that sections of several CPUs share, as a value: the words of the tables as software sees them and as walkers may,
 * references, table pages that wait for a grace period, and what TLBs and walkers may hold.
 *
 * Software is sequentially consistent: what a CPU has stored every other one reads. A hardware walker sees it at the CPU's
 * next barrier at the latest.
 */
import type { Geometry } from '@s2bench/core/stage2';
import { childSerial, int32At, isTable, uint32At, uint8At, VALID } from '@s2bench/core/stage2';
import type { Architecture } from '../hardware/architecture.ts';
import type { TablePage } from '../kernel/kernel-state.ts';
import type { Reply, Step, Unlinked, Unseen } from './step.ts';
import { CHANGES_WALKS, NO_REPLY } from './step.ts';
import { WordText } from './word-text.ts';
import type { WalkablePage, WalkedMemory } from './translations.ts';
import { Translations } from './translations.ts';

/** Table pages that a small world has at most. */
const MOST_PAGES = 24;
const LAST_LEVEL = 3;

/** The agent that gives back what has waited for a grace period. */
export const RECLAIM = 7;

/** What an action broke, or what was wrong when it was done. */
export interface Broken {
  readonly rule: 'walker-safety' | 'accounting' | 'break-before-make';
  readonly text: string;
}

// Arrays that are copied when they are first stored to.
const WORDS = 1;
const SEEN = 2;
const REFERENCES = 4;
/** Levels, bases, and who may remember what was there. */
const PAGES = 8;

/** Memory at one moment. */
export class SharedMemory implements WalkedMemory {
  readonly translations: Translations;
  /** Base of the memslot; the end of the address space where it was deleted. */
  baseIpa: number;
  /** Invalidations of the notifier in progress. */
  invalidations = 0;
  /** Sections under way: a bit per agent. */
  active = 0;
  readonly #geometry: Geometry;
  readonly #arch: Architecture;
  #words: Uint32Array;
  /** What every walker sees. */
  #seen: Uint32Array;
  readonly #unseen: Map<number, readonly Unseen[]>;
  #references: Int32Array;
  #levels: Uint8Array;
  #bases: Int32Array;
  /** By slot: sections that may remember a table page which was there, and is no more. */
  #gone: Uint8Array;
  #unlinked: Unlinked[];
  /** Which of the arrays are its own: a clone shares them until it stores to one. */
  #owned = WORDS | SEEN | REFERENCES | PAGES;

  constructor(geometry: Geometry, arch: Architecture, baseIpa: number, from?: SharedMemory) {
    this.#geometry = geometry;
    this.#arch = arch;
    this.baseIpa = baseIpa;
    if (from === undefined) {
      const words = 2 * MOST_PAGES * geometry.entriesPerTable;
      this.#words = new Uint32Array(words);
      this.#seen = new Uint32Array(words);
      this.#unseen = new Map();
      this.#references = new Int32Array(MOST_PAGES);
      this.#levels = new Uint8Array(MOST_PAGES);
      this.#bases = new Int32Array(MOST_PAGES);
      this.#gone = new Uint8Array(MOST_PAGES);
      this.#unlinked = [];
      this.translations = new Translations(geometry, arch);
      for (let page = 0; page < geometry.rootPages; page++) {
        this.#references[page] = 1;
        this.#levels[page] = geometry.startLevel;
        this.#bases[page] = page * geometry.rootPageSpanBytes;
      }
      this.translations.walk(this, 0);
      return;
    }
    this.#owned = 0;
    from.#owned = 0;
    this.#words = from.#words;
    this.#seen = from.#seen;
    this.#unseen = new Map(from.#unseen);
    this.#references = from.#references;
    this.#levels = from.#levels;
    this.#bases = from.#bases;
    this.#gone = from.#gone;
    this.#unlinked = from.#unlinked.map((each) => ({ ...each }));
    this.invalidations = from.invalidations;
    this.active = from.active;
    this.translations = from.translations.clone();
  }

  /** Before a store to some of the arrays. */
  #own(arrays: number): void {
    const shared = arrays & ~this.#owned;
    if (shared === 0) return;
    if ((shared & WORDS) !== 0) this.#words = this.#words.slice();
    if ((shared & SEEN) !== 0) this.#seen = this.#seen.slice();
    if ((shared & REFERENCES) !== 0) this.#references = this.#references.slice();
    if ((shared & PAGES) !== 0) {
      this.#levels = this.#levels.slice();
      this.#bases = this.#bases.slice();
      this.#gone = this.#gone.slice();
    }
    this.#owned |= shared;
  }

  /** No section of an agent remembers what was in a slot. */
  #forgets(slot: number, agent: number): void {
    const gone = uint8At(this.#gone, slot);
    if (((gone >>> agent) & 1) === 0) return;
    this.#own(PAGES);
    this.#gone[slot] = gone & ~(1 << agent);
  }

  clone(): SharedMemory {
    return new SharedMemory(this.#geometry, this.#arch, this.baseIpa, this);
  }

  /** All that a later step may hang on: equal memories have equal keys. */
  key(): string {
    const unseen = [...this.#unseen].map(
      ([entry, values]) => `${entry}:${values.map(({ agent, low, high }) => `${agent}=${low}.${high}`).join('+')}`,
    );
    const unlinked = this.#unlinked.map(({ slot, waits }) => `${slot}.${waits}`);
    const own = `${this.baseIpa}.${this.invalidations}.${this.active};${this.#gone.join('')};${unlinked.join()}`;
    return `${own};${unseen.sort().join()};${this.translations.key()};${this.#pagesKey()}`;
  }

  #pagesKey(): string {
    const text = new WordText();
    const perTable = 2 * this.#geometry.entriesPerTable;
    for (const slot of this.#liveSlots()) {
      text.add(slot | (uint8At(this.#levels, slot) << 8));
      text.add(int32At(this.#bases, slot));
      text.add(int32At(this.#references, slot));
      for (let word = slot * perTable; word < (slot + 1) * perTable; word++) {
        text.add(uint32At(this.#words, word));
        text.add(uint32At(this.#seen, word));
      }
    }
    return text.toString();
  }

  pageAt(slot: number): WalkablePage | undefined {
    if (slot < 0 || slot >= MOST_PAGES || int32At(this.#references, slot) === 0) return undefined;
    return { slot, level: uint8At(this.#levels, slot), base: int32At(this.#bases, slot) };
  }

  forEachValue(entry: number, look: (low: number, high: number) => void): void {
    look(uint32At(this.#seen, 2 * entry), uint32At(this.#seen, 2 * entry + 1));
    for (const { low, high } of this.#unseen.get(entry) ?? []) look(low, high);
  }

  /** The words of all tables, as software sees them. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Where an entry is: first address that it translates, and level. */
  placeOf(entry: number): { readonly ipa: number; readonly level: number } {
    const slot = Math.floor(entry / this.#geometry.entriesPerTable);
    const level = uint8At(this.#levels, slot);
    const index = entry % this.#geometry.entriesPerTable;
    return { level, ipa: int32At(this.#bases, slot) + index * this.#geometry.granuleBytes[level as 0 | 1 | 2 | 3] };
  }

  /** A section begins. */
  enter(agent: number): void {
    this.active |= 1 << agent;
  }

  /** A section returns: its stores have reached everyone. */
  leave(agent: number): void {
    this.#publish(agent);
    this.translations.walk(this, agent);
    this.translations.returned(agent);
    this.active &= ~(1 << agent);
    for (let slot = 0; slot < MOST_PAGES; slot++) this.#forgets(slot, agent);
    for (const each of this.#unlinked) each.waits &= ~(1 << agent);
  }

  /** A table page whose grace period has ended; it waits no more. `undefined`: there is none. */
  takeReclaimable(): number | undefined {
    const at = this.#unlinked.findIndex(({ waits }) => waits === 0);
    return at < 0 ? undefined : this.#unlinked.splice(at, 1)[0]?.slot;
  }

  /** What of the table pages is to be held against the rule of accounts. Only at rest, when nothing waits. */
  pages(): TablePage[] {
    const { entriesPerTable } = this.#geometry;
    return this.#liveSlots().map((slot) => {
      const children: number[] = [];
      const level = uint8At(this.#levels, slot);
      let valid = 0;
      for (let entry = slot * entriesPerTable; entry < (slot + 1) * entriesPerTable; entry++) {
        const low = uint32At(this.#words, 2 * entry);
        if ((low & VALID) !== 0) valid++;
        if (level < LAST_LEVEL && isTable(low))
          children.push(childSerial(low, uint32At(this.#words, 2 * entry + 1), this.#geometry));
      }
      const references = int32At(this.#references, slot);
      return { slot, serial: slot, level, base: int32At(this.#bases, slot), references, valid, children };
    });
  }

  /** Does an action of an agent. */
  apply(step: Step, agent: number): { readonly reply: Reply; readonly broken: Broken | undefined } {
    const broken = this.#misuse(step, agent);
    if (broken !== undefined) return { reply: NO_REPLY, broken };
    const found: { broken: Broken | undefined } = { broken: undefined };
    const reply = this.#do(step, agent, found);
    if (found.broken !== undefined) return { reply, broken: found.broken };
    const conflict = CHANGES_WALKS.has(step.do) ? this.translations.conflict() : undefined;
    if (conflict === undefined) return { reply, broken: undefined };
    const [a, b] = conflict.map(({ page, pages, pa }) => {
      const what = pages === 1 ? `page ${page}` : `block ${page}-${page + pages - 1}`;
      return `${what} -> 0x${pa.toString(16)}`;
    }) as [string, string];
    return { reply, broken: { rule: 'break-before-make', text: `a TLB may hold ${a} and ${b} at once` } };
  }

  #do(step: Step, agent: number, found: { broken: Broken | undefined }): Reply {
    switch (step.do) {
      case 'read':
        return this.#read(step.entry, agent);
      case 'exchange': {
        const { entry, oldLow, oldHigh, low, high } = step;
        if (uint32At(this.#words, 2 * entry) !== oldLow || uint32At(this.#words, 2 * entry + 1) !== oldHigh)
          return [0, 0];
        this.#store(entry, low, high, agent);
        return [1, 0];
      }
      case 'store':
        this.#store(step.entry, step.low, step.high, agent);
        return NO_REPLY;
      case 'store-low':
        this.#store(step.entry, step.low >>> 0, uint32At(this.#words, 2 * step.entry + 1), agent);
        return NO_REPLY;
      case 'get':
      case 'put': {
        const count = int32At(this.#references, step.slot) + (step.do === 'get' ? step.count : -step.count);
        this.#own(REFERENCES);
        this.#references[step.slot] = count;
        if (count <= 0) found.broken = { rule: 'accounting', text: `table page ${step.slot} has a count of ${count}` };
        return NO_REPLY;
      }
      case 'references':
        return [int32At(this.#references, step.slot), 0];
      case 'valid':
        return [this.pages().find(({ slot }) => slot === step.slot)?.valid ?? 0, 0];
      case 'page':
        return [uint8At(this.#levels, step.slot), int32At(this.#bases, step.slot)];
      case 'alloc':
        return [this.#allocate(step.level, step.base, agent), 0];
      case 'free':
        found.broken = this.#free(step.slot, agent);
        return NO_REPLY;
      case 'unlink':
        this.#unlinked.push({ slot: step.slot, waits: this.active });
        return NO_REPLY;
      default:
        this.#maintain(step, agent);
        return NO_REPLY;
    }
  }

  /** Whoever reads a pointer knows the table page that is there now, whatever he has known of that place. */
  #read(entry: number, agent: number): Reply {
    const low = uint32At(this.#words, 2 * entry);
    const high = uint32At(this.#words, 2 * entry + 1);
    const level = uint8At(this.#levels, Math.floor(entry / this.#geometry.entriesPerTable));
    if (level < LAST_LEVEL && isTable(low)) {
      const child = childSerial(low, high, this.#geometry);
      if (this.pageAt(child) !== undefined) this.#forgets(child, agent);
    }
    return [low, high];
  }

  #maintain(step: Step, agent: number): void {
    const { translations } = this;
    switch (step.do) {
      case 'barrier':
        this.#publish(agent);
        if (step.kind === 'ish') translations.complete(agent);
        break;
      case 'tlbi':
        if (step.orders) this.#publish(agent);
        translations.walk(this, agent);
        translations.issue(agent, step.what, this);
        break;
      case 'tlbi-local':
        this.#publish(agent);
        translations.walk(this, agent);
        translations.forget(agent, step.what);
        return;
      default:
        // The loops over lines end with a barrier for the full system, which orders everything before it.
        this.#publish(agent);
        translations.complete(agent);
    }
    translations.walk(this, agent);
  }

  /** An action on a table page that was given back is one on whatever stands there now. */
  #misuse(step: Step, agent: number): Broken | undefined {
    const slot =
      'entry' in step ? Math.floor(step.entry / this.#geometry.entriesPerTable) : 'slot' in step ? step.slot : 0;
    const isLive = slot >= 0 && slot < MOST_PAGES && int32At(this.#references, slot) !== 0;
    if (step.do === 'free' && !isLive) return { rule: 'accounting', text: `table page ${slot} is freed twice` };
    if (isLive && ((uint8At(this.#gone, slot) >>> agent) & 1) === 0) return undefined;
    return {
      rule: 'walker-safety',
      text: `the table page in slot ${slot} was given back, and a section that knows it goes on to use it (${step.do})`,
    };
  }

  #store(entry: number, low: number, high: number, agent: number): void {
    this.#own(WORDS);
    this.#words[2 * entry] = low;
    this.#words[2 * entry + 1] = high;
    if (this.#arch.without?.includes('late-stores') === true) {
      this.#own(SEEN);
      this.#seen[2 * entry] = low;
      this.#seen[2 * entry + 1] = high;
    } else this.#unseen.set(entry, [...(this.#unseen.get(entry) ?? []), { agent, low, high }]);
    this.translations.walk(this, agent);
  }

  /** The stores of a CPU are seen by all, with those to the same entries that came before them. */
  #publish(agent: number): void {
    for (const [entry, values] of this.#unseen) {
      const last = values.findLastIndex((value) => value.agent === agent);
      const value = values[last];
      if (value === undefined) continue;
      this.#own(SEEN);
      this.#seen[2 * entry] = value.low;
      this.#seen[2 * entry + 1] = value.high;
      if (last + 1 === values.length) this.#unseen.delete(entry);
      else this.#unseen.set(entry, values.slice(last + 1));
    }
  }

  #allocate(level: number, base: number, agent: number): number {
    const slot = this.#references.indexOf(0);
    this.#own(REFERENCES | PAGES);
    this.#references[slot] = 1;
    this.#levels[slot] = level;
    this.#bases[slot] = base;
    this.#gone[slot] = uint8At(this.#gone, slot) & ~(1 << agent);
    return slot;
  }

  #free(slot: number, agent: number): Broken | undefined {
    const references = int32At(this.#references, slot);
    if (this.translations.held.has(slot))
      return {
        rule: 'walker-safety',
        text: `the table page in slot ${slot} is given back while a walk may hold a pointer to it`,
      };
    if (references !== 1)
      return {
        rule: 'accounting',
        text: `table page ${slot} is freed with a count of ${references}, its own reference included`,
      };
    const { entriesPerTable } = this.#geometry;
    this.#own(WORDS | SEEN | REFERENCES | PAGES);
    this.#references[slot] = 0;
    this.#levels[slot] = 0;
    this.#bases[slot] = 0;
    // Whoever began after it was unlinked cannot know it.
    if (agent !== RECLAIM) this.#gone[slot] = uint8At(this.#gone, slot) | this.active;
    this.#words.fill(0, 2 * slot * entriesPerTable, 2 * (slot + 1) * entriesPerTable);
    this.#seen.fill(0, 2 * slot * entriesPerTable, 2 * (slot + 1) * entriesPerTable);
    for (let entry = slot * entriesPerTable; entry < (slot + 1) * entriesPerTable; entry++) this.#unseen.delete(entry);
    this.translations.drop(slot);
    return undefined;
  }

  #liveSlots(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < MOST_PAGES; slot++) if (int32At(this.#references, slot) !== 0) slots.push(slot);
    return slots;
  }

  /** Whether table pages wait for a grace period. */
  get isWaiting(): boolean {
    return this.#unlinked.length > 0;
  }
}
