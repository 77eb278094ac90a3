/** What is worked out once for many states where sections share mmu_lock: memories, sections, and how they go together. */
import { cachedEntry, outputOf } from '../hardware/cached-entry.ts';
import type { KernelFinding, Rest } from '../hardware/timeline.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Translation } from '../kernel/translation.ts';
import { VerifyError } from '../errors.ts';
import type { ModelOptions } from '../explore/model.ts';
import { Model } from '../explore/model.ts';
import { NOTHING_ENDED, type SectionEnd } from '../rules/rule.ts';
import { PAGE_BYTES } from '../world.ts';
import { RECLAIM, SharedMemory } from './memory.ts';
import type { SectionRoot } from './section-tree.ts';
import { SectionTree } from './section-tree.ts';
import type { Step } from './step.ts';
import { isQuiet } from './step.ts';

const AGENTS = 8;

/** What an agent's turn leads to. */
export interface Turn {
  /** Number of the memory, and of the moment at which nothing has just been maintained. */
  readonly moment: number;
  /** Where the section stands. */
  readonly node: number;
  /** The moment of the maintenance that the turn has done; -1: none. */
  readonly maintenance: number;
  readonly finding: KernelFinding | undefined;
  /** What was done, for display. */
  readonly steps: readonly Step[];
}

/** A model of sections that are interleaved action by action. */
export class SharedModel extends Model {
  readonly tree: SectionTree;
  readonly #memories: SharedMemory[] = [];
  readonly #ids = new Map<string, number>();
  /** By operation, then by what else a section is begun with. */
  readonly #sections = new WeakMap<Operation, Map<number, number>>();
  /** By fault and whether it is stale: its operation. */
  readonly #faultOperations: (Operation | undefined)[] = [];
  /** By moment: what is left of the key stays a small integer, which maps hash without a box. */
  readonly #turns: (Map<number, Turn> | undefined)[] = [];
  /** By the node of a section's end: the number of the fault that it leaves, 0 where it is none's. */
  readonly #faultsLeft: (number | undefined)[] = [];
  readonly #maintenance = new Map<string, number>();
  readonly #views: (number | undefined)[] = [];
  readonly #rests = new Map<number, Rest>();
  readonly #ruleNames: ReadonlySet<string>;

  constructor(options: ModelOptions) {
    super({ ...options, interleaves: true });
    if (options.explicitHardware)
      throw new VerifyError('sections that share mmu_lock are explored with the set of what may be cached alone');
    this.tree = new SectionTree(this.rigOptions);
    this.#ruleNames = new Set(options.rules.map(({ name }) => name));
  }

  /** TLBIs, stores and grace periods are known by who waits for them. */
  override get isSymmetric(): boolean {
    return false;
  }

  override backwards(): void {
    this.tree.backwards();
  }

  /** Distinct contents of memory so far. */
  get memories(): number {
    return this.#ids.size;
  }

  override begin(): Rest {
    const { slot } = this.options.world;
    const memory = new SharedMemory(this.rigOptions.geometry, this.arch, slot.basePage * PAGE_BYTES);
    return this.restAt(this.#intern(memory));
  }

  override restAt(moment: number): Rest {
    const known = this.#rests.get(moment);
    if (known !== undefined) return known;
    const { words, baseIpa, invalidations } = this.memory(moment);
    const pages = this.memory(moment).pages();
    const state = { id: moment, path: [], key: '', words, pages, baseIpa, invalidations };
    const rest = { id: moment, state, leftEntries: [], leftSlots: [], moment };
    this.#rests.set(moment, rest);
    return rest;
  }

  /** The memory of a moment. */
  memory(moment: number): SharedMemory {
    return this.#memories[moment] as SharedMemory;
  }

  /** The view of a vCPU's hardware: what its own TLBIs have taken from its CPU is not in it. */
  viewOf(moment: number, vcpu: number): number {
    const key = moment * AGENTS + vcpu;
    const known = this.#views[key];
    if (known !== undefined) return known;
    const { translations } = this.memory(moment);
    const own = [...translations.cached].filter(([, { absent }]) => ((absent >>> vcpu) & 1) === 0);
    const view = this.views.idOf({ cached: new Map(own), holes: translations.holes });
    this.#views[key] = view;
    return view;
  }

  /** The first node of a fault's section, in a memory. */
  faultSection(moment: number, fault: number, stale: number, backing: number): number {
    const operation = (this.#faultOperations[2 * fault + stale] ??= {
      do: 'fault',
      fault: this.fault(fault),
      stale: stale === 1,
    });
    return this.section(moment, operation, backing);
  }

  /** The first node of any section, in a memory. An operation that is handed in again, the same object, is known at a glance. */
  section(moment: number, operation: Operation, backing: number): number {
    const { baseIpa, invalidations } = this.memory(moment);
    let sections = this.#sections.get(operation);
    if (sections === undefined) this.#sections.set(operation, (sections = new Map<number, number>()));
    const key = (backing * 64 + baseIpa / PAGE_BYTES) * 8 + invalidations;
    let node = sections.get(key);
    if (node === undefined) {
      node = this.tree.begin({ operation, backing: this.backing(backing), baseIpa, invalidations });
      sections.set(key, node);
    }
    return node;
  }

  /** The number of the fault that a section has left at its end; 0 where it was none's. */
  faultLeft(node: number): number {
    const known = this.#faultsLeft[node];
    if (known !== undefined) return known;
    const { fault } = this.tree.endAt(node);
    return (this.#faultsLeft[node] = fault === undefined ? 0 : this.numberOf(fault));
  }

  /** A section begins: the memory in which it is under way, and where it stands. */
  enter(moment: number, agent: number, node: number): Turn {
    return this.#turn(moment, agent, node, 'enter');
  }

  /** A section goes on to its next action that somebody could notice, and does it. */
  advance(moment: number, agent: number, node: number): Turn {
    return this.#turn(moment, agent, node, 'advance');
  }

  /** A section that has come to its end returns. */
  leave(moment: number, agent: number, node: number): Turn {
    return this.#turn(moment, agent, node, 'leave');
  }

  #turn(moment: number, agent: number, node: number, what: 'enter' | 'advance' | 'leave'): Turn {
    const turns = (this.#turns[moment] ??= new Map<number, Turn>());
    const key = (node * AGENTS + agent) * 2 + (what === 'enter' ? 1 : 0);
    const known = turns.get(key);
    if (known !== undefined) return known;
    const memory = this.memory(moment).clone();
    const turn =
      what === 'leave' ? this.#leave(memory, agent, node) : this.#advance(memory, agent, node, what === 'enter');
    turns.set(key, turn);
    return turn;
  }

  #advance(memory: SharedMemory, agent: number, from: number, begins: boolean): Turn {
    if (begins) memory.enter(agent);
    const root = this.tree.rootOf(from);
    const steps: Step[] = [];
    let node = from;
    let isFirst = !begins;
    let finding: KernelFinding | undefined;
    for (;;) {
      const step = this.tree.stepAt(node);
      if (step === undefined || (!isFirst && !(this.options.mergeQuiet && isQuiet(step, !root.shares)))) break;
      isFirst = false;
      const { reply, broken } = memory.apply(step, agent);
      steps.push(step);
      finding = this.#held(broken) ?? this.#wrongStore(memory, step, reply[0] === 1, root);
      if (finding !== undefined) break;
      node = this.tree.child(node, reply);
    }
    return this.#turnOf(memory, node, steps, finding);
  }

  #leave(memory: SharedMemory, agent: number, node: number): Turn {
    const root = this.tree.rootOf(node);
    const end = this.tree.endAt(node);
    memory.leave(agent);
    memory.baseIpa = end.baseIpa;
    const { operation } = root;
    if (operation.do !== 'reclaim') memory.invalidations += invalidationsOf(operation);
    const steps: Step[] = [];
    let finding = operation.do === 'reclaim' ? undefined : this.#wrongEnd(memory, root, node, operation);
    for (
      let slot = memory.takeReclaimable();
      slot !== undefined && finding === undefined;
      slot = memory.takeReclaimable()
    )
      finding = this.#reclaim(memory, slot, root, steps);
    if (finding === undefined && memory.active === 0 && !memory.isWaiting) finding = this.#wrongAccounts(memory);
    return this.#turnOf(memory, node, steps, finding);
  }

  /** What has waited for a grace period goes at once when it may: nobody can reach it, only that its place is free shows. */
  #reclaim(
    memory: SharedMemory,
    slot: number,
    { backing, baseIpa }: SectionRoot,
    steps: Step[],
  ): KernelFinding | undefined {
    let node = this.tree.begin({ operation: { do: 'reclaim', slot }, backing, baseIpa, invalidations: 0 });
    for (let step = this.tree.stepAt(node); step !== undefined; step = this.tree.stepAt(node)) {
      const { reply, broken } = memory.apply(step, RECLAIM);
      steps.push(step);
      const finding = this.#held(broken);
      if (finding !== undefined) return finding;
      node = this.tree.child(node, reply);
    }
    return undefined;
  }

  #turnOf(memory: SharedMemory, node: number, steps: readonly Step[], finding: KernelFinding | undefined): Turn {
    const moment = this.#intern(memory);
    let cleaned = 0;
    let discarded = 0;
    let invalidated = 0;
    for (const step of steps) {
      if (step.do === 'clean') cleaned |= this.views.hostPages(step.pa, step.sizeBytes);
      if (step.do === 'discard') discarded |= this.views.hostPages(step.pa, step.sizeBytes);
      if (step.do === 'icache') invalidated |= this.views.hostPages(step.pa, step.sizeBytes);
    }
    const { executable } = this.timeline.moments;
    const isMaintained = (cleaned | discarded | invalidated | executable.at(moment)) !== 0;
    const maintenance = isMaintained ? this.#momentOf(moment, cleaned, discarded, invalidated) : -1;
    return { moment, node, maintenance, finding, steps };
  }

  /** The moment of a memory at which something has just been maintained. */
  #momentOf(moment: number, cleaned: number, discarded: number, invalidated: number): number {
    const key = `${moment} ${cleaned} ${discarded} ${invalidated}`;
    const known = this.#maintenance.get(key);
    if (known !== undefined) return known;
    const added = this.#addMoment(this.memory(moment), cleaned, discarded, invalidated);
    this.#maintenance.set(key, added);
    return added;
  }

  #intern(memory: SharedMemory): number {
    const key = memory.key();
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const moment = this.#addMoment(memory, 0, 0, 0);
    this.#ids.set(key, moment);
    return moment;
  }

  #addMoment(memory: SharedMemory, cleaned: number, discarded: number, invalidated: number): number {
    const { moments } = this.timeline;
    const { cached, holes } = memory.translations;
    const view = this.views.idOf({ cached, holes });
    const { reachable, executable } = this.views.view(view);
    moments.cleaned.push(cleaned);
    moments.discarded.push(discarded);
    moments.invalidated.push(invalidated);
    moments.reachable.push(reachable);
    moments.executable.push(executable);
    moments.last.push(0);
    moments.finding.push(-1);
    moments.passage.push(-1);
    moments.rest.push(0);
    moments.steps.push([]);
    this.#memories.push(memory);
    return moments.view.push(view);
  }

  #held(broken: KernelFinding | undefined): KernelFinding | undefined {
    return broken !== undefined && this.#ruleNames.has(broken.rule) ? broken : undefined;
  }

  /** What a fault's section stores has to be what the host has there, with no more rights than were asked for. */
  #wrongStore(memory: SharedMemory, step: Step, won: boolean, root: SectionRoot): KernelFinding | undefined {
    const { operation, host } = root;
    if (!root.shares || operation.do !== 'fault' || !this.#ruleNames.has('mapping')) return undefined;
    if (step.do !== 'store' && !(step.do === 'exchange' && won)) return undefined;
    const { ipa, level } = memory.placeOf(step.entry);
    if ((step.low & 1) === 0 || (level < 3 && (step.low & 2) !== 0)) return undefined;
    const leaf = cachedEntry(step.low, step.high, ipa, level, this.rigOptions.geometry);
    const wrong = (page: number, text: string): KernelFinding => ({ rule: 'mapping', text: `page ${page} ${text}` });
    if (leaf === undefined) return wrong(ipa / PAGE_BYTES, 'has other memory attributes than normal memory');
    const old =
      step.do === 'exchange' ? cachedEntry(step.oldLow, step.oldHigh, ipa, level, this.rigOptions.geometry) : undefined;
    const { fault } = operation;
    for (let page = leaf.page; page < leaf.page + leaf.pages; page++) {
      const there = host[page];
      const pa = outputOf(leaf, page);
      if (there === undefined) return wrong(page, 'is mapped though the host has nothing there');
      if (there.pa !== pa)
        return wrong(page, `leads to 0x${pa.toString(16)}, and the host has 0x${there.pa.toString(16)} there`);
      if (leaf.write && !there.writable) return wrong(page, 'is writable though the host may not write there');
      if (leaf.write && !fault.writable && old?.write !== true)
        return wrong(page, 'is writable though the fault did not ask for it');
      if (leaf.execute && !fault.execute && old?.execute !== true)
        return wrong(page, 'is executable though the fault did not ask for it');
    }
    return leaf.read ? undefined : wrong(leaf.page, 'is not readable');
  }

  /** What the rules say to a section that has returned, as far as they can where others run beside it. */
  #wrongEnd(memory: SharedMemory, root: SectionRoot, node: number, operation: Operation): KernelFinding | undefined {
    const { fault, failure } = this.tree.endAt(node);
    const after = this.#translations(memory);
    const cached = [...memory.translations.cached.values()];
    const end: SectionEnd = {
      operation,
      fault: root.shares ? undefined : fault,
      failure,
      host: root.host,
      before: after,
      after,
      taken: root.taken,
      pages: [],
      basePage: root.baseIpa / PAGE_BYTES,
      left: cached.filter(({ stale }) => stale).map(({ entry }) => entry),
      mistakes: [],
    };
    for (const rule of this.options.rules) {
      // Counts are right at rest; what a section that shares the lock maps was looked at when it was stored.
      const isAsked =
        rule.name === 'progress' || rule.name === 'stale-translation' || (rule.name === 'mapping' && !root.shares);
      const text = isAsked ? rule.section?.(end) : undefined;
      if (text !== undefined) return { rule: rule.name, text };
    }
    return undefined;
  }

  #wrongAccounts(memory: SharedMemory): KernelFinding | undefined {
    const rule = this.options.rules.find(({ name }) => name === 'accounting');
    const pages = memory.pages();
    const text = rule?.section?.({ ...NOTHING_ENDED, pages });
    return text === undefined ? undefined : { rule: 'accounting', text };
  }

  /** What a walk that starts now finds at each guest page, where all CPUs see all stores. */
  #translations(memory: SharedMemory): (Translation | undefined)[] {
    const pages: (Translation | undefined)[] = Array.from({ length: this.guestPages }, () => undefined);
    for (const { entry, walkable } of memory.translations.cached.values()) {
      if (!walkable) continue;
      for (let page = entry.page; page < entry.page + entry.pages; page++) {
        const { level, read, write, execute } = entry;
        pages[page] = { level, pa: outputOf(entry, page), read, write, execute, plain: true };
      }
    }
    return pages;
  }
}

/** By how many the invalidations in progress change. */
function invalidationsOf(operation: Operation): number {
  const phase = operation.do === 'fault' ? operation.fault.phase : '';
  if (operation.do === 'notifier-start' || phase === 'start-invalidation') return 1;
  return operation.do === 'notifier-end' || phase === 'end-invalidation' ? -1 : 0;
}
