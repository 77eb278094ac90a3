/**
 * The TLB and the walker of every CPU, followed one by one: what the set of what may be cached stands for.
 *
 * Far too many states for anything but the smallest worlds. It is there to show that the set gives the same verdicts.
 * These TLBs keep the stages apart: what is combined with stage 1 is followed by the set alone.
 */
import { uint32At } from '@s2bench/core/stage2';
import { VerifyError } from '../errors.ts';
import type { Architecture } from '../hardware/architecture.ts';
import type { CachedEntry } from '../hardware/cached-entry.ts';
import { keyOf } from '../hardware/cached-entry.ts';
import type { KernelFinding } from '../hardware/timeline.ts';
import type { NamedPages } from '../hardware/tlbi.ts';
import type { ReadTable } from '../hardware/translation-view.ts';
import { coversEntry, endsWay, firstNamed } from '../hardware/tlbi.ts';
import { conflicts } from '../hardware/translation-view.ts';
import type { Outcome } from '../hardware/views.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import type { AccessKind } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Layout } from './layout.ts';
import { MOMENT } from './layout.ts';
import type { Model } from './model.ts';

/** Entries that a TLB's word has a bit for. */
const MOST_ENTRIES = 32;
/** Of a walker's word: how many of the TLBIs under way it has applied. The rest is the slot that it is in, plus one. */
const APPLIED = 0xff;
const SLOT_SHIFT = 8;

/** Acts for the CPUs of one model. */
export class Cpus {
  readonly #model: Model;
  readonly #layout: Layout;
  readonly #rules: ReadonlySet<string>;
  /** Entries by their bit, the same for the whole exploration. */
  readonly #entries: CachedEntry[];
  readonly #bits: Map<string, number>;

  constructor(model: Model, layout: Layout) {
    this.#model = model;
    this.#layout = layout;
    this.#rules = new Set(model.options.rules.map(({ name }) => name));
    this.#entries = model.entries;
    this.#bits = model.entryBits;
  }

  /** How many things a CPU may do at most. Some of them change nothing. */
  choices(state: Uint32Array, vcpu: number): number {
    const tables = this.#tables(state);
    const held = uint32At(state, this.#walker(vcpu)) >>> SLOT_SHIFT;
    return 1 + this.#steps(tables, held === 0 ? 0 : held - 1).length;
  }

  /**
   * Does one of them: applies the oldest TLBI under way that it has not applied, goes down into a table, or caches what it reads.
   *
   * @returns `'nothing'` where it changes nothing
   */
  act(next: Uint32Array, vcpu: number, choice: number): KernelFinding | 'nothing' | undefined {
    const walker = this.#walker(vcpu);
    const held = uint32At(next, walker) >>> SLOT_SHIFT;
    const applied = uint32At(next, walker) & APPLIED;
    if (choice === 0) {
      const oldest = this.#open(next)[applied];
      if (oldest === undefined) return 'nothing';
      this.#apply(next, vcpu, [oldest]);
      next[walker] = uint32At(next, walker) + 1;
      return undefined;
    }
    const step = this.#steps(this.#tables(next), held === 0 ? 0 : held - 1)[choice - 1];
    if (step === undefined) return 'nothing';
    if (typeof step === 'number') {
      next[walker] = ((step + 1) << SLOT_SHIFT) | applied;
      return undefined;
    }
    next[walker] = applied;
    if (held === 0 && this.#holds(next, vcpu, step)) return 'nothing';
    return this.#cache(next, vcpu, step);
  }

  /** What an access may meet: an entry of the CPU's TLB, or what a walk finds now. */
  outcomes(state: Uint32Array, vcpu: number, page: number, kind: AccessKind): readonly Outcome[] {
    const all = this.#model.views.view(this.#model.timeline.moments.view.at(uint32At(state, MOMENT)));
    const entries = all.entries.filter(({ entry, walkable }) => walkable || this.#holds(state, vcpu, entry));
    return this.#model.views.workOut({ ...all, entries }, page, kind);
  }

  /** The stage-2 code has made a step; what it does to the CPUs. */
  enter(next: Uint32Array, moment: number): KernelFinding | undefined {
    // A section may have ended without waiting for what it issued.
    if (this.#openBefore(moment).length === 0) this.#forgetApplied(next);
    for (const op of this.#model.timeline.moments.steps[moment] ?? []) {
      if (op.do === 'free' && this.#rules.has('walker-safety')) {
        for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
          if (uint32At(next, this.#walker(vcpu)) >>> SLOT_SHIFT !== op.slot + 1) continue;
          return {
            rule: 'walker-safety',
            text: `the table page in slot ${op.slot} is given back while the walker of CPU ${vcpu} is in it`,
          };
        }
      }
      if (op.do === 'barrier' && op.kind === 'ish') this.#complete(next, moment);
    }
    this.#check(next);
    return undefined;
  }

  #complete(next: Uint32Array, moment: number): void {
    const open = this.#openBefore(moment);
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
      this.#apply(next, vcpu, open.slice(uint32At(next, this.#walker(vcpu)) & APPLIED));
    }
    this.#forgetApplied(next);
  }

  #forgetApplied(next: Uint32Array): void {
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
      const walker = this.#walker(vcpu);
      next[walker] = uint32At(next, walker) & ~APPLIED;
    }
  }

  #apply(next: Uint32Array, vcpu: number, invalidations: readonly MicroOp[]): void {
    const tlb = this.#tlb(vcpu);
    const walker = this.#walker(vcpu);
    const held = (uint32At(next, walker) >>> SLOT_SHIFT) - 1;
    for (const op of invalidations) {
      for (const [bit, entry] of this.#entries.entries()) {
        if (coversOp(op, entry)) next[tlb] = uint32At(next, tlb) & ~(1 << bit);
      }
      const table = this.#tables(next).find(({ slot }) => slot === held);
      if (table !== undefined && coversTable(op, table, this.#model.arch.ttl))
        next[walker] = uint32At(next, walker) & APPLIED;
    }
  }

  #cache(next: Uint32Array, vcpu: number, entry: CachedEntry): KernelFinding | undefined {
    const tlb = this.#tlb(vcpu);
    if (this.#rules.has('break-before-make')) {
      for (const [bit, other] of this.#entries.entries()) {
        if (((uint32At(next, tlb) >>> bit) & 1) === 0 || !conflicts(entry, other, this.#model.arch.bbm)) continue;
        return {
          rule: 'break-before-make',
          text: `the TLB of CPU ${vcpu} holds ${keyOf(entry)} and ${keyOf(other)} at once`,
        };
      }
    }
    next[tlb] = uint32At(next, tlb) | (1 << this.#bitOf(entry));
    return undefined;
  }

  /** Every CPU holds only what the set of what may be cached has: else the set is wrong. */
  #check(state: Uint32Array): void {
    const view = this.#model.views.view(this.#model.timeline.moments.view.at(uint32At(state, MOMENT)));
    const may = new Set(view.entries.map(({ entry }) => keyOf(entry)));
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
      for (const entry of this.#entries) {
        if (this.#holds(state, vcpu, entry) && !may.has(keyOf(entry))) {
          throw new VerifyError(`a TLB holds ${keyOf(entry)}, which the set of what may be cached does not have`);
        }
      }
    }
  }

  /** TLBIs that were issued up to a state's moment and are not complete, oldest first. */
  #open(state: Uint32Array): MicroOp[] {
    return this.#openBefore(uint32At(state, MOMENT) + 1);
  }

  #openBefore(moment: number): MicroOp[] {
    const { moments } = this.#model.timeline;
    const open: MicroOp[] = [];
    const passage = moments.passage.at(moment - 1);
    for (let at = moment - 1; at >= 0 && passage >= 0 && moments.passage.at(at) === passage; at--) {
      for (const op of [...(moments.steps[at] ?? [])].reverse()) {
        if (op.do === 'barrier' && op.kind === 'ish') return open.reverse();
        if (op.do === 'tlbi-vmid' || op.do === 'tlbi-ipa') open.push(op);
      }
    }
    return open.reverse();
  }

  /** From a table page: entries to cache, and slots to go down into. */
  #steps(tables: readonly ReadTable[], slot: number): (CachedEntry | number)[] {
    const table = tables.find((each) => each.slot === slot);
    return table === undefined ? [] : [...table.entries, ...table.children];
  }

  #tables(state: Uint32Array): readonly ReadTable[] {
    return this.#model.timeline.moments.tables[uint32At(state, MOMENT)] ?? [];
  }

  #holds(state: Uint32Array, vcpu: number, entry: CachedEntry): boolean {
    return ((uint32At(state, this.#tlb(vcpu)) >>> this.#bitOf(entry)) & 1) === 1;
  }

  #bitOf(entry: CachedEntry): number {
    const key = keyOf(entry);
    const known = this.#bits.get(key);
    if (known !== undefined) return known;
    if (this.#entries.length === MOST_ENTRIES)
      throw new VerifyError(
        `more than ${MOST_ENTRIES} different TLB entries: the world is too large to follow every CPU`,
      );
    this.#bits.set(key, this.#entries.length);
    return this.#entries.push(entry) - 1;
  }

  #tlb(vcpu: number): number {
    return this.#layout.firstCpu + 2 * vcpu;
  }

  #walker(vcpu: number): number {
    return this.#layout.firstCpu + 2 * vcpu + 1;
  }
}

function coversOp(op: MicroOp, entry: CachedEntry): boolean {
  if (op.do === 'tlbi-vmid') return true;
  return op.do === 'tlbi-ipa' && coversEntry(entry, namedBy(op));
}

function coversTable(
  op: MicroOp,
  { base, spanBytes, level, leafLevels }: ReadTable,
  ttl: Architecture['ttl'],
): boolean {
  if (op.do !== 'tlbi-ipa') return op.do === 'tlbi-vmid';
  const first = base / PAGE_BYTES;
  const from = firstNamed(namedBy(op), first, spanBytes / PAGE_BYTES);
  if (from === undefined) return false;
  return ttl === 'lenient' || endsWay(op.level, level, leafLevels[from - first] ?? 0);
}

function namedBy({ ipa, pages, level }: Extract<MicroOp, { readonly do: 'tlbi-ipa' }>): NamedPages {
  return { page: Math.floor(ipa / PAGE_BYTES), pages, level };
}
