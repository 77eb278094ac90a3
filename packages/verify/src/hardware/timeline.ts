/**
 * The kernel's side of time: rests, in which the lock is free, and lock sections that lead from rest to rest, as
 * moments between which other agents may act.
 *
 * A moment is all that others can notice of the stage-2 code: what hardware may have cached and may find, and what
 * the step into it did to the caches. Steps that nobody can notice make no moment.
 */
import type { Geometry } from '@s2bench/core/stage2';
import type { BackingState } from '../kernel/backing-state.ts';
import { Interned } from '../kernel/fault-record.ts';
import type { KernelState } from '../kernel/kernel-state.ts';
import type { Kernel, Section } from '../kernel/kernel.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Observer } from '../rules/rule.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Architecture } from './architecture.ts';
import type { CachedEntry } from './cached-entry.ts';
import { keyOf } from './cached-entry.ts';
import { Numbers } from './growing.ts';
import type { ReadTable } from './translation-view.ts';
import { TranslationView } from './translation-view.ts';
import type { Views } from './views.ts';

/** A rest: a protected state, and what earlier operations left in TLBs and walkers that is not in the table. */
export interface Rest {
  readonly id: number;
  readonly state: KernelState;
  readonly leftEntries: readonly CachedEntry[];
  readonly leftSlots: readonly number[];
  /** The moment of the rest. */
  readonly moment: number;
}

/** A lock section from a given rest. */
export interface Passage {
  readonly section: Section;
  /** First moment: the lock is taken, nothing is done yet. */
  readonly first: number;
  /** The rest that it leads to. */
  readonly to: Rest;
  /** Pages of the slot's memory that the guest may reach when it has returned, a bit each. */
  readonly maps: number;
}

/** What a step of the stage-2 code broke. */
export interface KernelFinding {
  readonly rule: string;
  readonly text: string;
}

/** Moments, as columns. Masks have a bit per page of the slot's memory. */
export class Moments {
  readonly view = new Numbers();
  /** What the step into the moment cleaned, discarded, and invalidated in the I-cache. */
  readonly cleaned = new Numbers();
  readonly discarded = new Numbers();
  readonly invalidated = new Numbers();
  readonly reachable = new Numbers();
  readonly executable = new Numbers();
  /** Whether the moment is the last before the operation returns. */
  readonly last = new Numbers();
  /** Index of a finding, or -1. */
  readonly finding = new Numbers();
  /** The passage that the moment is in; -1 at rest. */
  readonly passage = new Numbers();
  /** The rest; in a section the one that it began at. */
  readonly rest = new Numbers();
  /** What the step into the moment did, for display. */
  readonly steps: MicroOp[][] = [];
  /** What walks can read in each table page; kept where hardware is followed CPU by CPU. */
  readonly tables: (readonly ReadTable[])[] = [];

  get length(): number {
    return this.view.length;
  }

  /** Adds a moment and gives its number. */
  add(views: Views, view: TranslationView, at: MomentPlace): number {
    const id = views.idOf(view);
    const seen = views.view(id);
    let cleaned = 0;
    let discarded = 0;
    let invalidated = 0;
    for (const op of at.steps) {
      if (op.do === 'clean') cleaned |= views.hostPages(op.pa, op.sizeBytes);
      if (op.do === 'discard') discarded |= views.hostPages(op.pa, op.sizeBytes);
      if (op.do === 'icache') invalidated |= views.hostPages(op.pa, op.sizeBytes);
    }
    this.cleaned.push(cleaned);
    this.discarded.push(discarded);
    this.invalidated.push(invalidated);
    this.reachable.push(seen.reachable);
    this.executable.push(seen.executable);
    this.last.push(0);
    this.finding.push(at.finding);
    this.passage.push(at.passage);
    this.rest.push(at.rest);
    this.steps.push(at.steps);
    return this.view.push(id);
  }
}

/** Where a moment stands on the timeline. */
export interface MomentPlace {
  /** What the step into it did. */
  readonly steps: MicroOp[];
  readonly rest: number;
  readonly passage: number;
  /** Index of what it broke, or -1. */
  readonly finding: number;
}

/** How finely time is told, and on what hardware. */
export interface TimelineOptions {
  readonly arch: Architecture;
  /** Steps that nobody can notice make no moment. */
  readonly mergeQuiet: boolean;
  /** Hardware is followed CPU by CPU, which needs to know what walks read. */
  readonly keepTables: boolean;
}

/** Builds rests and passages, each once. */
export class Timeline {
  readonly moments = new Moments();
  readonly rests: Rest[] = [];
  readonly passages: Passage[] = [];
  readonly findings: KernelFinding[] = [];

  readonly #kernel: Kernel;
  readonly #geometry: Geometry;
  readonly #views: Views;
  readonly #arch: Architecture;
  readonly #rules: readonly Observer[];
  readonly #mergeQuiet: boolean;
  readonly #keepTables: boolean;
  readonly #restIds = new Interned<null>();
  readonly #passageIds = new Map<string, number>();

  constructor(
    kernel: Kernel,
    views: Views,
    rules: readonly Observer[],
    { arch, mergeQuiet, keepTables }: TimelineOptions,
  ) {
    this.#kernel = kernel;
    this.#geometry = kernel.options.geometry;
    this.#views = views;
    this.#rules = rules;
    this.#arch = arch;
    this.#mergeQuiet = mergeQuiet && !keepTables;
    this.#keepTables = keepTables;
  }

  /** The rest of a state in which no operation left anything behind. */
  begin(state: KernelState): Rest {
    return this.#rest(state, [], []);
  }

  /** The passage from a rest by an operation; `backing` is what the host maps when the lock is taken. */
  passage(rest: Rest, operation: Operation, backing: BackingState): number {
    const key = `${rest.id} ${backing} ${JSON.stringify(operation)}`;
    let id = this.#passageIds.get(key);
    if (id === undefined) {
      id = this.#build(rest, this.#kernel.section(rest.state, operation, backing));
      this.#passageIds.set(key, id);
    }
    return id;
  }

  #rest(state: KernelState, leftEntries: readonly CachedEntry[], leftSlots: readonly number[]): Rest {
    const key = `${state.id};${leftEntries.map(keyOf).join()};${leftSlots.join()}`;
    const id = this.#restIds.idOf(null, key);
    const known = this.rests[id];
    if (known !== undefined) return known;
    const view = this.#viewOf(state, leftEntries, leftSlots);
    const moment = this.#addMoment(view, [], id, -1, undefined);
    const rest = { id, state, leftEntries, leftSlots, moment };
    this.rests.push(rest);
    return rest;
  }

  #viewOf(state: KernelState, leftEntries: readonly CachedEntry[], leftSlots: readonly number[]): TranslationView {
    const rootSlots = Array.from({ length: this.#geometry.rootPages }, (_, page) => page);
    const begin = { words: state.words, tables: state.pages, rootSlots };
    const view = new TranslationView(this.#geometry, begin, this.#arch);
    view.addLeftovers(leftEntries, leftSlots);
    return view;
  }

  #build(rest: Rest, section: Section): number {
    const { moments } = this;
    const id = this.passages.length;
    const view = this.#viewOf(rest.state, rest.leftEntries, rest.leftSlots);
    const first = this.#addMoment(view, [], rest.id, id, undefined);
    let quiet: MicroOp[] = [];
    let finding: KernelFinding | undefined;
    for (const op of section.ops) {
      if (op.do === 'free') finding ??= this.#check((rule) => rule.free?.(view, op.slot));
      view.apply(op);
      finding ??= this.#check((rule) => rule.view?.(view));
      quiet.push(op);
      if (this.#isQuiet(view, op, moments.length - 1) && finding === undefined) continue;
      this.#addMoment(view, quiet, rest.id, id, finding);
      if (finding !== undefined) break;
      quiet = [];
    }
    const last = moments.length - 1;
    // What nobody noticed after the last moment belongs to the step into it.
    if (finding === undefined) moments.steps[last]?.push(...quiet);
    const to = finding === undefined ? this.#end(view, section, last) : rest;
    moments.last.set(last, 1);
    this.passages.push({ section, first, to, maps: moments.reachable.at(to.moment) });
    return id;
  }

  /** The rest after a section, and what the rules say to it as a whole. */
  #end(view: TranslationView, section: Section, last: number): Rest {
    const basePage = section.from.baseIpa / PAGE_BYTES;
    view.returned();
    const leftEntries = [...view.cached.values()].filter(({ stale }) => stale).map(({ entry }) => entry);
    const end = {
      ...section,
      basePage,
      left: leftEntries,
      pages: section.to.pages,
      mistakes: section.mistakes.map(({ text }) => text),
      ran: section,
    };
    const finding = this.#check((rule) => rule.section?.(end));
    if (finding !== undefined) this.moments.finding.set(last, this.findings.push(finding) - 1);
    const linked = this.#viewOf(section.to, [], []).held;
    const leftSlots = [...view.held.keys()].filter((slot) => !linked.has(slot));
    return this.#rest(
      section.to,
      leftEntries.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
      leftSlots.sort(),
    );
  }

  #check(look: (rule: Observer) => string | undefined): KernelFinding | undefined {
    for (const rule of this.#rules) {
      const text = look(rule);
      if (text !== undefined) return { rule: rule.name, text };
    }
    return undefined;
  }

  /** Whether a step into a moment like the last one did nothing that another agent could notice. */
  #isQuiet(view: TranslationView, op: MicroOp, last: number): boolean {
    if (!this.#mergeQuiet || op.do === 'clean' || op.do === 'discard' || op.do === 'icache') return false;
    return this.#views.idOf(view) === this.moments.view.at(last);
  }

  #addMoment(
    view: TranslationView,
    steps: MicroOp[],
    rest: number,
    passage: number,
    finding: KernelFinding | undefined,
  ): number {
    const { moments } = this;
    if (this.#keepTables) moments.tables.push(view.readTables());
    const number = finding === undefined ? -1 : this.findings.push(finding) - 1;
    return moments.add(this.#views, view, { steps, rest, passage, finding: number });
  }
}
