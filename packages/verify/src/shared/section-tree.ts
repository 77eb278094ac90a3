/**
 * Lock sections as trees: what a section does next follows from its operation and from all replies so far, so that each
 * answer to its last action is a branch.
 *
 * A branch that nobody has taken yet is found by running the section anew, answered from the tree, up to where it asks for
 * more. That code runs often, and each time its actions have to be those that it had before: what is hidden in it shows.
 */
import { destroyBelow, MapFailedError } from '@s2bench/kernel';
import { VerifyError } from '../errors.ts';
import type { BackingState } from '../kernel/backing-state.ts';
import { withoutClocks } from '../kernel/clocks.ts';
import type { FaultRecord } from '../kernel/fault-record.ts';
import type { Operation } from '../kernel/operation.ts';
import type { RigOptions } from '../kernel/rig.ts';
import { Rig } from '../kernel/rig.ts';
import { takenPages } from '../kernel/taken-pages.ts';
import type { HostPage } from '../kernel/translation.ts';
import { hostPagesOf } from '../kernel/translation.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Reply, Step } from './step.ts';
import { SteppedRecorder } from './stepped-recorder.ts';
import { SteppedTable } from './stepped-table.ts';
import { Stepper } from './stepper.ts';

/** What a section is a function of, beside the replies to its actions. */
export interface SectionBegin {
  readonly operation: Operation | { readonly do: 'reclaim'; readonly slot: number };
  readonly backing: BackingState;
  readonly baseIpa: number;
  /** Invalidations of the notifier in progress. */
  readonly invalidations: number;
}

/** A tree's root, and what of the host a rule asks for. */
export interface SectionRoot extends SectionBegin {
  /** It shares mmu_lock. */
  readonly shares: boolean;
  readonly host: readonly (HostPage | undefined)[];
  /** Guest pages that it is to take from the guest. */
  readonly taken: readonly number[];
}

/** How a section has ended. */
export interface SectionEndOf {
  readonly fault: FaultRecord | undefined;
  readonly failure: string | undefined;
  readonly baseIpa: number;
  readonly lockKept: boolean;
  readonly goesOn: boolean;
}

interface Node {
  readonly root: SectionRoot;
  readonly parent: number;
  /** What the parent's action replied. */
  readonly reply: Reply;
  /** What is done here; `undefined`: the section has ended. */
  readonly step: Step | undefined;
  readonly end: SectionEndOf | undefined;
}

/** All sections of one exploration. */
export class SectionTree {
  readonly #options: RigOptions;
  readonly #nodes: Node[] = [];
  readonly #children = new Map<string, number>();

  constructor(options: RigOptions) {
    this.#options = options;
  }

  /** Points at which sections were stopped, and ends. */
  get size(): number {
    return this.#nodes.length;
  }

  /** The first node of a section. */
  begin(begin: SectionBegin): number {
    const key = JSON.stringify(begin);
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const { operation } = begin;
    const rig = this.#rig(begin, new Stepper([]));
    const root: SectionRoot = {
      ...begin,
      shares: operation.do === 'fault' && rig.vm.phases.fault[operation.fault.phase]?.lock === 'shared',
      host: hostPagesOf(rig.slot, this.#options.geometry.ipaLimit / PAGE_BYTES),
      taken: operation.do === 'reclaim' ? [] : takenPages(operation, rig.slot),
    };
    const node = this.#add(root, -1, [0, 0], []);
    this.#children.set(key, node);
    return node;
  }

  rootOf(node: number): SectionRoot {
    return this.#at(node).root;
  }

  /** What a section does at a node; `undefined` where it has ended. */
  stepAt(node: number): Step | undefined {
    return this.#at(node).step;
  }

  /** How the section that ends at a node has ended. */
  endAt(node: number): SectionEndOf {
    const { end } = this.#at(node);
    if (end === undefined) throw new Error('a section was asked for its end before it had come to it');
    return end;
  }

  /** The node that a reply leads to. */
  child(node: number, reply: Reply): number {
    const key = `${node} ${reply[0]} ${reply[1]}`;
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const replies: Reply[] = [reply];
    for (let at = node; this.#at(at).parent >= 0; at = this.#at(at).parent) replies.push(this.#at(at).reply);
    const child = this.#add(this.#at(node).root, node, reply, replies.reverse());
    this.#children.set(key, child);
    return child;
  }

  /** Runs every section that has ended once more, the last first: a strategy that remembers does something else. */
  backwards(): void {
    for (let node = this.#nodes.length - 1; node >= 0; node--) {
      const { root, parent, reply, step, end } = this.#at(node);
      if (end === undefined || parent < 0) continue;
      const replies: Reply[] = [reply];
      for (let at = parent; this.#at(at).parent >= 0; at = this.#at(at).parent) replies.push(this.#at(at).reply);
      const again = this.#run(root, parent, replies.reverse());
      if (JSON.stringify([again.step, again.end]) !== JSON.stringify([step, end])) throw this.#notHermetic();
    }
  }

  #at(node: number): Node {
    return this.#nodes[node] as Node;
  }

  #add(root: SectionRoot, parent: number, reply: Reply, replies: readonly Reply[]): number {
    const { step, end } = this.#run(root, parent, replies);
    return this.#nodes.push({ root, parent, reply, step, end }) - 1;
  }

  #rig({ backing, baseIpa, invalidations }: SectionBegin, stepper: Stepper): Rig {
    const recorder = new SteppedRecorder(stepper);
    const makeTable = (options: ConstructorParameters<typeof SteppedTable>[0]): SteppedTable =>
      new SteppedTable(options, stepper);
    const rig = new Rig(this.#options, backing, baseIpa, false, { recorder, makeTable });
    for (let count = 0; count < invalidations; count++) rig.vm.notifier.start();
    return rig;
  }

  #run(root: SectionRoot, parent: number, replies: readonly Reply[]): Pick<Node, 'step' | 'end'> {
    const stepper = new Stepper(replies);
    const { name } = this.#options.subject.strategy;
    const rig = this.#rig(root, stepper);
    const { operation } = root;
    let fault: FaultRecord | undefined;
    let failure: string | undefined;
    let isEnd = true;
    try {
      isEnd = stepper.run(() => {
        if (operation.do === 'reclaim') {
          destroyBelow(rig.vm.table, operation.slot);
          rig.vm.table.freeTable(operation.slot);
        } else fault = withoutClocks(this.#refuseClock, () => rig.run(operation));
      });
    } catch (error) {
      failure = failureOf(error, name);
    }
    for (let node = parent, at = replies.length - 1; node >= 0; node = this.#at(node).parent, at--) {
      if (JSON.stringify(stepper.announced[at]) !== JSON.stringify(this.#at(node).step)) throw this.#notHermetic();
    }
    if (!isEnd) return { step: stepper.asked, end: undefined };
    const baseIpa = rig.vm.slots.includes(rig.slot) ? rig.slot.baseIpa : this.#options.geometry.ipaLimit;
    return { step: undefined, end: { fault, failure, baseIpa, lockKept: rig.lockKept, goesOn: rig.goesOn } };
  }

  readonly #refuseClock = (asked: string): never => {
    const { name } = this.#options.subject.strategy;
    throw new VerifyError(`strategy ${name} calls ${asked}: a strategy knows neither time nor chance`);
  };

  #notHermetic(): VerifyError {
    return new VerifyError(
      `strategy ${this.#options.subject.strategy.name} is not hermetic: a lock section that was given the same answers did something else; it must remember nothing and ask for neither time nor chance`,
    );
  }
}

function failureOf(error: unknown, strategy: string): string {
  if (error instanceof VerifyError) throw error;
  if (error instanceof MapFailedError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  throw new VerifyError(`strategy ${strategy} throws: ${message.split('\n')[0] ?? ''}`);
}
