/** All steps that lead on from a state: each agent's, and for each the choices that hardware has. */
import { uint32At } from '@s2bench/core/stage2';
import type { Rest } from '../hardware/timeline.ts';
import { isNotifierPhase } from '../kernel/fault-record.ts';
import type { Observer } from '../rules/rule.ts';
import type { DecodedStep, GuestAccess } from '../world.ts';
import { decodeStep, FETCH, PAGE_BYTES, WRITE } from '../world.ts';
import type { ActionKind, TransitionSink } from './action.ts';
import { isLeftUnmarked } from './at-rest.ts';
import { ABORT, ACCESS, HOST, KERNEL, LOCK, RETURN, UNLOCKED, WAIT, WALK, WRITE_BACK } from './action.ts';
import { Cpus } from './cpus.ts';
import { GuestPages } from './guest-pages.ts';
import { HostSteps } from './host-steps.ts';
import { BACKING, CACHE, COMMON, DIRTY, FAULT, FIRST_VCPU, get, HOLDER, HOST_HOLDS, HOST_POSITION } from './layout.ts';
import { Layout, LOGGING, MOMENT, NOBODY_UNLOCKS, OLD_SLOT, PAGE_STATE, POSITION, set, SOLO } from './layout.ts';
import { STALE, WATCHED, WRITTEN } from './layout.ts';
import type { Model } from './model.ts';
import type { Programs } from './programs.ts';

/** More faults in a row than any access needs that nobody else disturbs. */
const MOST_SOLO_FAULTS = 4;

/** Expands states of one model under one set of programs. */
export class Expander {
  readonly layout: Layout;
  /** The state that {@link TransitionSink.reached} is told of. */
  readonly next: Uint32Array;
  readonly host: HostSteps;

  protected readonly model: Model;
  protected readonly all: Programs;
  protected readonly sink: TransitionSink;
  readonly #programs: readonly { readonly caches: boolean; readonly steps: readonly DecodedStep[] }[];
  protected readonly hostSteps: number;
  protected readonly pages: GuestPages;
  readonly #fwb: boolean;
  readonly #access: readonly Observer[];
  readonly #rest: readonly Observer[];
  protected readonly progress: Observer | undefined;
  readonly #cpus: Cpus | undefined;
  protected from: Uint32Array;
  /** Steps that lead on from the state that is expanded. */
  protected reachedSteps = 0;

  /** @param layout - left out: that of sections which hold the lock alone */
  constructor(model: Model, programs: Programs, sink: TransitionSink, layout: Layout = layoutOf(model)) {
    const { rules, fwb, explicitHardware } = model.options;
    this.model = model;
    this.all = programs;
    this.sink = sink;
    this.layout = layout;
    this.next = new Uint32Array(this.layout.words);
    this.from = this.next;
    this.#programs = programs.vcpus.map(({ caches, steps }) => ({ caches, steps: steps.map(decodeStep) }));
    this.hostSteps = programs.host.length;
    this.#fwb = fwb;
    this.pages = new GuestPages(this.layout, model.timeline.moments, rules, fwb, model.arch);
    this.#access = rules.filter((rule) => rule.access !== undefined);
    this.#rest = rules.filter((rule) => rule.rest !== undefined);
    this.progress = rules.find((rule) => rule.name === 'progress');
    this.#cpus = explicitHardware ? new Cpus(model, this.layout) : undefined;
    this.host = this.makeHost(programs.host);
  }

  /** What runs the host's program. */
  protected makeHost(steps: Programs['host']): HostSteps {
    return new HostSteps(this.model, this.layout, this.pages, steps);
  }

  /** The same expander for another listener. */
  withSink(sink: TransitionSink): Expander {
    return new Expander(this.model, this.all, sink);
  }

  /** The state in which a world begins, before any history. */
  begin(logging: boolean): Uint32Array {
    const state = new Uint32Array(this.layout.words);
    state[MOMENT] = this.model.begin().moment;
    set(state, COMMON, BACKING, this.model.beginBacking);
    set(state, COMMON, LOGGING, logging ? 1 : 0);
    set(state, COMMON, WATCHED, logging ? 1 : 0);
    if (this.model.options.world.slot.begin !== 'untouched') {
      const split = this.model.options.world.slot.begin === 'split';
      const every = split ? this.model.options.world.slot.blockPages : 1;
      for (let page = 0; page < this.layout.pages; page += every) this.pages.hostWrites(state, page, false);
    }
    return state;
  }

  /** Whether every program has come to its end. */
  isDone(state: Uint32Array): boolean {
    if (get(state, COMMON, HOLDER) !== 0 || get(state, COMMON, HOST_POSITION) < this.hostSteps) return false;
    return this.#programs.every(({ steps }, vcpu) => {
      const word = FIRST_VCPU + vcpu;
      return get(state, word, FAULT) === 0 && get(state, word, POSITION) === steps.length;
    });
  }

  /** Tells the sink of every step from a state. A state from which there is none though it is not done is stuck. */
  expand(from: Uint32Array): void {
    this.from = from;
    this.reachedSteps = 0;
    const holder = get(from, COMMON, HOLDER);
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      if (holder === vcpu + 1) this.#advance(vcpu);
      else if (get(from, FIRST_VCPU + vcpu, FAULT) === 0) this.runGuest(vcpu);
      else this.#runFault(vcpu, holder);
    }
    this.#runCpus();
    this.runCaches();
    const host = this.layout.vcpus;
    if (holder === HOST_HOLDS) this.#advance(host);
    else this.#runHost(host, holder);
    if (this.reachedSteps === 0 && this.progress !== undefined && !this.isDone(from)) {
      this.sink.broken(host, KERNEL, 0, this.progress.name, 'nobody can go on, and not everybody is done');
    }
  }

  /** Walkers and TLBs, where they are followed. What they do is no progress: a state is stuck without them too. */
  #runCpus(): void {
    const cpus = this.#cpus;
    if (cpus === undefined) return;
    const reached = this.reachedSteps;
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      for (let choice = 0; choice < cpus.choices(this.from, vcpu); choice++) {
        const broken = cpus.act(this.copy(), vcpu, choice);
        if (broken === undefined) this.emit(vcpu, WALK, choice);
        else if (broken !== 'nothing') this.breaks(vcpu, WALK, choice, broken.rule, broken.text);
      }
    }
    this.reachedSteps = reached;
  }

  /** Write-backs that destroy nothing bring memory up to date, after which less can go wrong: they are left out. */
  protected runCaches(): void {
    const broken = this.pages.writeBack(this.from);
    if (broken === undefined) return;
    const reached = this.reachedSteps;
    this.copy();
    const text = `a line that the host had dirtied is written back over what the guest stored to page ${broken.page}`;
    this.breaks(this.layout.vcpus + 1, WRITE_BACK, broken.page, broken.rule.name, text);
    this.reachedSteps = reached;
  }

  /** Begins `next` as a copy of the state that is expanded. */
  protected copy(): Uint32Array {
    const { from, next } = this;
    for (let word = 0; word < next.length; word++) next[word] = uint32At(from, word);
    return next;
  }

  protected emit(agent: number, kind: ActionKind, detail = 0): void {
    this.reachedSteps++;
    if (
      get(this.next, COMMON, WATCHED) === 1 &&
      this.#rest.length > 0 &&
      isLeftUnmarked(this.layout, this.next, this.#rest)
    ) {
      const rule = this.#rest[0]?.name ?? '';
      this.sink.broken(agent, kind, detail, rule, 'a page that the guest wrote is not in the dirty log');
      return;
    }
    this.sink.reached(agent, kind, detail);
  }

  protected breaks(agent: number, kind: ActionKind, detail: number, rule: string, text: string): void {
    this.reachedSteps++;
    this.sink.broken(agent, kind, detail, rule, text);
  }

  /** Maintenance has thrown away what the guest wrote. */
  protected destroys(agent: number, kind: ActionKind, { rule, page }: { rule: Observer; page: number }): boolean {
    this.breaks(agent, kind, 0, rule.name, `the maintenance of page ${page} destroys what the guest wrote`);
    return true;
  }

  protected runGuest(vcpu: number): void {
    const program = this.#programs[vcpu];
    const step = program?.steps[get(this.from, FIRST_VCPU + vcpu, POSITION)];
    if (program === undefined || step === undefined) return;
    const { accesses, awaits } = step;
    if (accesses.length === 0) {
      if (get(this.from, COMMON, HOST_POSITION) >= awaits) this.#pass(vcpu);
      return;
    }
    const view = this.viewOf(vcpu);
    for (let choice = 0; choice < accesses.length; choice++) {
      const { page, kind } = accesses[choice] as GuestAccess;
      const outcomes =
        this.#cpus === undefined
          ? this.model.views.outcomes(view, page, kind)
          : this.#cpus.outcomes(this.from, vcpu, page, kind);
      for (let index = 0; index < outcomes.length; index++) {
        const outcome = outcomes[index];
        if (outcome === undefined) continue;
        const detail = choice * 64 + index;
        if (outcome.faultLevel < 0)
          this.#complete(vcpu, detail, page, kind, outcome.hostPage, outcome.stale, program.caches);
        else this.#abort(vcpu, detail, page, kind, outcome.permission, outcome.faultLevel);
      }
    }
  }

  /** The view of what the hardware of a vCPU may do. */
  protected viewOf(_vcpu: number): number {
    return this.model.timeline.moments.view.at(uint32At(this.from, MOMENT));
  }

  /** What the vCPU waited for has happened. */
  #pass(vcpu: number): void {
    const next = this.copy();
    set(next, FIRST_VCPU + vcpu, POSITION, get(next, FIRST_VCPU + vcpu, POSITION) + 1);
    this.emit(vcpu, WAIT);
  }

  #complete(
    vcpu: number,
    detail: number,
    page: number,
    kind: 0 | 1 | 2,
    hostPage: number,
    stale: boolean,
    caches: boolean,
  ): void {
    const { layout } = this;
    const next = this.copy();
    const cached = caches || this.#fwb;
    const state = hostPage < 0 ? 0 : layout.getPage(next, hostPage, PAGE_STATE);
    const staleLine = hostPage >= 0 && kind === FETCH && this.pages.fetchesOld(next, hostPage);
    for (const rule of this.#access) {
      if (rule.access?.rejects(kind, state, cached, stale, staleLine) === true) {
        this.breaks(vcpu, ACCESS, detail, rule.name, '');
        return;
      }
    }
    const word = FIRST_VCPU + vcpu;
    set(next, word, POSITION, get(next, word, POSITION) + 1);
    set(next, word, SOLO, 0);
    if (kind === WRITE && hostPage >= 0) {
      this.pages.guestWrites(next, hostPage, cached);
      const slotPage = page - this.basePage();
      if (get(next, COMMON, WATCHED) === 1 && slotPage >= 0 && slotPage < layout.pages)
        layout.setPage(next, slotPage, WRITTEN, 1);
    }
    this.emit(vcpu, ACCESS, detail);
  }

  #abort(vcpu: number, detail: number, page: number, kind: 0 | 1 | 2, permission: boolean, level: number): void {
    const next = this.copy();
    const word = FIRST_VCPU + vcpu;
    const solo = get(next, word, SOLO) + (this.isDisturbed(vcpu) ? 0 : 1);
    if (solo > MOST_SOLO_FAULTS) {
      if (this.progress === undefined) return;
      const text = `the access faults ${solo} times in a row, and nobody else changes the table`;
      this.breaks(vcpu, ABORT, detail, this.progress.name, text);
      return;
    }
    set(next, word, SOLO, solo);
    set(next, word, FAULT, this.model.raise(page, kind, permission, level, get(next, word, CACHE)));
    set(next, word, CACHE, 0);
    this.emit(vcpu, ABORT, detail);
  }

  /** Whether another's lock section is under way, so that an access may fault again for its sake. */
  protected isDisturbed(_vcpu: number): boolean {
    return false;
  }

  #runFault(vcpu: number, holder: number): void {
    const word = FIRST_VCPU + vcpu;
    const fault = get(this.from, word, FAULT);
    if (this.model.needsLock(fault)) {
      if (holder !== 0) return;
      const rest = this.#rest0();
      const passage = this.model.faultPassage(
        rest,
        fault,
        get(this.from, word, STALE),
        get(this.from, COMMON, BACKING),
      );
      this.#lock(vcpu, vcpu + 1, passage);
      return;
    }
    const phase = this.model.fault(fault).phase;
    // While user space moves the slot there is none to be found: SRCU keeps readers out.
    if (phase === 'prepare' && holder === HOST_HOLDS && this.host.isMove(this.from)) return;
    this.unlocked(vcpu, fault, phase === 'prepare');
  }

  protected unlocked(vcpu: number, fault: number, begins: boolean): void {
    const { layout } = this;
    const next = this.copy();
    const word = FIRST_VCPU + vcpu;
    const logging = get(next, COMMON, LOGGING);
    const done = this.model.unlocked(fault, get(next, COMMON, BACKING), this.basePage() * PAGE_BYTES, logging);
    set(next, COMMON, BACKING, done.backing);
    set(next, word, FAULT, done.fault);
    if (begins) set(next, word, STALE, 0);
    for (const { pa, sizeBytes } of done.step.hostWrites) {
      const pages = this.model.views.hostPages(pa, sizeBytes);
      for (let page = 0; page < layout.pages; page++) {
        if (((pages >>> page) & 1) !== 0) this.pages.hostWrites(next, page, this.host.isMapping(next, page));
      }
    }
    for (const { pa, sizeBytes } of done.step.cleans) {
      const broken = this.pages.clean(next, this.model.views.hostPages(pa, sizeBytes));
      if (broken !== undefined && this.destroys(vcpu, UNLOCKED, broken)) return;
    }
    layout.setPages(next, done.step.dirtyPages, DIRTY, 1);
    if (done.fault === 0) {
      set(next, word, OLD_SLOT, 0);
      set(next, word, STALE, 0);
      set(next, word, CACHE, done.step.fault?.cachePages ?? 0);
      // User space emulates the device, and the access is complete.
      if (done.device) {
        set(next, word, POSITION, get(next, word, POSITION) + 1);
        set(next, word, SOLO, 0);
      }
    }
    this.emit(vcpu, UNLOCKED);
  }

  #lock(agent: number, holder: number, passage: number): void {
    const next = this.copy();
    const moment = this.model.passage(passage).first;
    set(next, COMMON, HOLDER, holder);
    if (holder === HOST_HOLDS) this.host.lockTaken(next);
    this.#enter(agent, LOCK, moment);
  }

  /** The one who holds the lock goes on. */
  #advance(agent: number): void {
    const { moments } = this.model.timeline;
    const moment = uint32At(this.from, MOMENT);
    if (moments.last.at(moment) === 0) {
      this.copy();
      this.#enter(agent, KERNEL, moment + 1);
    } else this.#return(agent, moments.passage.at(moment));
  }

  #enter(agent: number, kind: 3 | 4 | 5, moment: number): void {
    const { timeline } = this.model;
    this.next[MOMENT] = moment;
    const broken = this.pages.enter(this.next, moment);
    if (broken !== undefined && this.destroys(agent, kind, broken)) return;
    const found = timeline.moments.finding.at(moment);
    // Nearly always there is none: an array that is asked for -1 looks for a property of that name.
    const finding = found < 0 ? this.#cpus?.enter(this.next, moment) : timeline.findings[found];
    if (finding === undefined) this.emit(agent, kind);
    else this.breaks(agent, kind, 0, finding.rule, finding.text);
  }

  #return(agent: number, passageId: number): void {
    const passage = this.model.passage(passageId);
    const { section } = passage;
    this.reachedSteps++;
    // An operation that failed has no rest after it: where no rule says so, the run ends here.
    if (section.failure !== undefined) return;
    const next = this.copy();
    set(next, COMMON, HOLDER, section.lockKept ? NOBODY_UNLOCKS : 0);
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      const word = FIRST_VCPU + vcpu;
      if (vcpu !== agent) set(next, word, SOLO, 0);
      const invalidated = section.operation.do === 'notifier-end' || section.operation.do === 'notifier-start';
      const own = section.operation.do === 'fault' && isNotifierPhase(section.operation.fault);
      if ((invalidated || own) && get(next, word, FAULT) !== 0) set(next, word, STALE, 1);
    }
    if (agent < this.layout.vcpus) {
      const word = FIRST_VCPU + agent;
      set(next, word, FAULT, this.model.faultAfter(passageId));
      // Until the host's invalidation ends there is nothing but to try again.
      if (section.from.invalidations > 0) set(next, word, SOLO, 0);
    }
    this.pages.takenAway(next, this.host.takenAway(passage));
    if (agent === this.layout.vcpus) this.host.returned(next, section.operation, section.goesOn);
    this.#enter(agent, RETURN, passage.to.moment);
  }

  #runHost(agent: number, holder: number): void {
    const next = this.copy();
    const wanted = this.host.run(next, holder);
    if (wanted === 'nothing') return;
    if (wanted === 'step') this.emit(agent, HOST);
    else this.#lock(agent, HOST_HOLDS, this.model.hostPassage(this.#rest0(), wanted, get(this.from, COMMON, BACKING)));
  }

  #rest0(): Rest {
    return this.model.restAt(uint32At(this.from, MOMENT));
  }

  /** First guest page of the slot. */
  protected basePage(): number {
    return this.#rest0().state.baseIpa / PAGE_BYTES;
  }
}

function layoutOf({ options: { world, explicitHardware } }: Model): Layout {
  return new Layout(world.vcpus.length, world.slot.pages, explicitHardware);
}
