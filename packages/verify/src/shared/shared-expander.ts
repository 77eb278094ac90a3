/** All steps that lead on from a state where sections share mmu_lock: each of them is at a point of its own. */
import { uint32At } from '@s2bench/core/stage2';
import { KERNEL, LOCK, RETURN } from '../explore/action.ts';
import type { ActionKind, TransitionSink } from '../explore/action.ts';
import { Expander } from '../explore/expander.ts';
import { BACKING, COMMON, FAULT, FIRST_VCPU, get, HOLDER, HOST_HOLDS, Layout, MOMENT } from '../explore/layout.ts';
import { NOBODY_UNLOCKS, set, SOLO, STALE } from '../explore/layout.ts';
import type { Programs } from '../explore/programs.ts';
import { HostSteps } from '../explore/host-steps.ts';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import { isNotifierPhase } from '../kernel/fault-record.ts';
import { PAGE_BYTES } from '../world.ts';
import type { SharedModel, Turn } from './shared-model.ts';

/** The host, which cannot know what a section that shares the lock will map: it takes the block around the fault. */
class SharedHost extends HostSteps {
  override isMapping(state: Uint32Array, page: number): boolean {
    const { blockPages } = this.model.options.world.slot;
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      if (uint32At(state, this.layout.firstCpu + vcpu) === 0) continue;
      const { mapIpa } = this.model.fault(get(state, FIRST_VCPU + vcpu, FAULT));
      const base = this.model.restAt(uint32At(state, MOMENT)).state.baseIpa;
      const first = Math.floor(mapIpa / PAGE_BYTES / blockPages) * blockPages - base / PAGE_BYTES;
      if (page >= first && page < first + blockPages) return true;
    }
    return false;
  }
}

/** Expands states of a model whose sections are interleaved. */
export class SharedExpander extends Expander {
  readonly #shared: SharedModel;
  /** The word in which an agent's section is: its node plus one; 0: none is under way. */
  readonly #firstSection: number;

  constructor(model: SharedModel, programs: Programs, sink: TransitionSink) {
    const { vcpus, slot } = model.options.world;
    super(model, programs, sink, new Layout(vcpus.length, slot.pages, true));
    this.#shared = model;
    this.#firstSection = this.layout.firstCpu;
  }

  override withSink(sink: TransitionSink): SharedExpander {
    return new SharedExpander(this.#shared, this.all, sink);
  }

  protected override makeHost(steps: Programs['host']): HostSteps {
    return new SharedHost(this.model, this.layout, this.pages, steps);
  }

  protected override viewOf(vcpu: number): number {
    return this.#shared.viewOf(uint32At(this.from, MOMENT), vcpu);
  }

  protected override isDisturbed(vcpu: number): boolean {
    for (let agent = 0; agent <= this.layout.vcpus; agent++)
      if (agent !== vcpu && this.#sectionOf(this.from, agent) !== 0) return true;
    return false;
  }

  override expand(from: Uint32Array): void {
    this.from = from;
    this.reachedSteps = 0;
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      const section = this.#sectionOf(from, vcpu);
      if (section !== 0) this.#advance(vcpu, section - 1);
      else if (get(from, FIRST_VCPU + vcpu, FAULT) === 0) this.runGuest(vcpu);
      else this.#runFault(vcpu);
    }
    this.runCaches();
    const host = this.layout.vcpus;
    const section = this.#sectionOf(from, host);
    if (section !== 0) this.#advance(host, section - 1);
    else this.#runHost(host);
    if (this.reachedSteps === 0 && this.progress !== undefined && !this.isDone(from)) {
      this.sink.broken(host, KERNEL, 0, this.progress.name, 'nobody can go on, and not everybody is done');
    }
  }

  #sectionOf(state: Uint32Array, agent: number): number {
    return uint32At(state, this.#firstSection + agent);
  }

  /** Whether any section holds the lock, its read side included. */
  #isTaken(): boolean {
    if (get(this.from, COMMON, HOLDER) !== 0) return true;
    for (let agent = 0; agent <= this.layout.vcpus; agent++) if (this.#sectionOf(this.from, agent) !== 0) return true;
    return false;
  }

  #runFault(vcpu: number): void {
    const word = FIRST_VCPU + vcpu;
    const fault = get(this.from, word, FAULT);
    const holder = get(this.from, COMMON, HOLDER);
    if (this.model.needsLock(fault)) {
      if (holder !== 0) return;
      const backing = get(this.from, COMMON, BACKING);
      const stale = get(this.from, word, STALE);
      this.#lock(vcpu, vcpu + 1, this.#shared.faultSection(uint32At(this.from, MOMENT), fault, stale, backing));
      return;
    }
    const { phase } = this.model.fault(fault);
    // While user space moves the slot there is none to be found: SRCU keeps readers out.
    if (phase === 'prepare' && holder === HOST_HOLDS && this.host.isMove(this.from)) return;
    this.unlocked(vcpu, fault, phase === 'prepare');
  }

  #runHost(agent: number): void {
    const next = this.copy();
    const wanted = this.host.run(next, this.#isTaken() ? NOBODY_UNLOCKS : 0);
    if (wanted === 'nothing') return;
    if (wanted === 'step') this.emit(agent, 6);
    else {
      const backing = get(this.from, COMMON, BACKING);
      this.#lock(agent, HOST_HOLDS, this.#shared.section(uint32At(this.from, MOMENT), wanted, backing));
    }
  }

  #lock(agent: number, holder: number, node: number): void {
    const { shares } = this.#shared.tree.rootOf(node);
    if (!shares && this.#isTaken()) return;
    const turn = this.#shared.enter(uint32At(this.from, MOMENT), agent, node);
    const next = this.copy();
    if (!shares) set(next, COMMON, HOLDER, holder);
    if (holder === HOST_HOLDS) this.host.lockTaken(next);
    next[this.#firstSection + agent] = turn.node + 1;
    this.#enter(agent, LOCK, turn);
  }

  #advance(agent: number, node: number): void {
    const moment = uint32At(this.from, MOMENT);
    if (this.#shared.tree.stepAt(node) === undefined) {
      this.#return(agent, node);
      return;
    }
    const turn = this.#shared.advance(moment, agent, node);
    this.copy()[this.#firstSection + agent] = turn.node + 1;
    this.#enter(agent, KERNEL, turn);
  }

  #return(agent: number, node: number): void {
    const { failure, lockKept, goesOn } = this.#shared.tree.endAt(node);
    const { operation, shares, taken, baseIpa } = this.#shared.tree.rootOf(node);
    const moment = uint32At(this.from, MOMENT);
    const { invalidations } = this.#shared.memory(moment);
    const turn = this.#shared.leave(moment, agent, node);
    const next = this.copy();
    next[this.#firstSection + agent] = 0;
    if (lockKept) set(next, COMMON, HOLDER, NOBODY_UNLOCKS);
    else if (!shares) set(next, COMMON, HOLDER, 0);
    const isNotifier =
      operation.do === 'notifier-start' ||
      operation.do === 'notifier-end' ||
      (operation.do === 'fault' && isNotifierPhase(operation.fault));
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      const word = FIRST_VCPU + vcpu;
      if (vcpu !== agent) set(next, word, SOLO, 0);
      if (isNotifier && get(next, word, FAULT) !== 0) set(next, word, STALE, 1);
    }
    if (agent < this.layout.vcpus) {
      const word = FIRST_VCPU + agent;
      const left = this.#shared.faultLeft(node);
      if (left !== 0) set(next, word, FAULT, left);
      if (invalidations > 0) set(next, word, SOLO, 0);
    }
    if (taken.length > 0) {
      const basePage = baseIpa / PAGE_BYTES;
      let mask = 0;
      for (const page of taken)
        mask |= this.model.views.hostPages(PHYS_BASE + (page - basePage) * PAGE_BYTES, PAGE_BYTES);
      this.pages.takenAway(next, mask);
    }
    if (agent === this.layout.vcpus && operation.do !== 'reclaim') this.host.returned(next, operation, goesOn);
    // An operation that failed has no rest after it: where no rule says so, the run ends here.
    if (failure !== undefined && turn.finding === undefined) this.reachedSteps++;
    else this.#enter(agent, RETURN, turn);
  }

  #enter(agent: number, kind: ActionKind, turn: Turn): void {
    this.next[MOMENT] = turn.moment;
    const broken = turn.maintenance < 0 ? undefined : this.pages.enter(this.next, turn.maintenance);
    if (broken !== undefined) {
      const text = `the maintenance of page ${broken.page} destroys what the guest wrote`;
      this.breaks(agent, kind, 0, broken.rule.name, text);
    } else if (turn.finding === undefined) this.emit(agent, kind);
    else this.breaks(agent, kind, 0, turn.finding.rule, turn.finding.text);
  }
}
