/** Steps in words where sections share mmu_lock. */
import type { Geometry } from '@s2bench/core/stage2';
import { uint32At } from '@s2bench/core/stage2';
import { KERNEL, LOCK, RETURN } from '../explore/action.ts';
import { Layout, MOMENT } from '../explore/layout.ts';
import type { Model } from '../explore/model.ts';
import type { Programs } from '../explore/programs.ts';
import { SharedModel } from '../shared/shared-model.ts';
import type { Step, Tlbi } from '../shared/step.ts';
import { Describer, describeOperation, namedText, pages } from './describe.ts';
import type { RetracedStep } from './retrace.ts';

/** What puts the steps of a model into words. */
export function describerOf(model: Model, programs: Programs, geometry: Geometry): Describer {
  return model instanceof SharedModel
    ? new SharedDescriber(model, programs, geometry)
    : new Describer(model, programs, geometry);
}

class SharedDescriber extends Describer {
  readonly #shared: SharedModel;
  readonly #firstSection: number;

  constructor(model: SharedModel, programs: Programs, geometry: Geometry) {
    super(model, programs, geometry);
    const { vcpus, slot } = model.options.world;
    this.#shared = model;
    this.#firstSection = new Layout(vcpus.length, slot.pages, true).firstCpu;
  }

  override describe(step: RetracedStep): string | undefined {
    switch (step.kind) {
      case LOCK: {
        const { operation, shares } = this.#shared.tree.rootOf(this.#node(step.after, step.agent));
        const why = operation.do === 'reclaim' ? '' : describeOperation(operation);
        return shares ? 'takes the read side of mmu_lock' : `takes mmu_lock${why}`;
      }
      case KERNEL:
      case RETURN:
        return this.#turn(step);
      default:
        return super.describe(step);
    }
  }

  #turn(step: RetracedStep): string {
    const node = this.#node(step.before, step.agent);
    const before = uint32At(step.before, MOMENT);
    const returns = step.kind === RETURN;
    const { steps, moment } = returns
      ? this.#shared.leave(before, step.agent, node)
      : this.#shared.advance(before, step.agent, node);
    const texts = steps.flatMap((each) => this.#text(each, returns ? before : moment) ?? []);
    if (!returns) return texts.join('; ');
    const { shares } = this.#shared.tree.rootOf(node);
    const unlocks = shares ? 'gives the read side back' : 'releases mmu_lock';
    return texts.length === 0 ? unlocks : `${unlocks}; a grace period ends: ${texts.join('; ')}`;
  }

  #node(state: Uint32Array, agent: number): number {
    return uint32At(state, this.#firstSection + agent) - 1;
  }

  /** What is to be said of an action; nothing of looks at counts. */
  #text(step: Step, moment: number): string | undefined {
    switch (step.do) {
      case 'read':
        return `reads ${this.tables.name(step.entry)}`;
      case 'exchange':
        return `exchanges ${this.tables.name(step.entry)} for ${this.#value(step, moment)}`;
      case 'store':
        return `${this.tables.name(step.entry)} = ${this.#value(step, moment)}`;
      case 'store-low':
        return `${this.tables.name(step.entry)} loses write permission`;
      case 'barrier':
        return `dsb ${step.kind}`;
      case 'tlbi':
        return `tlbi ${tlbiText(step.what)}`;
      case 'tlbi-local':
        return `tlbi on its own core, ${tlbiText(step.what)}`;
      case 'complete':
        return 'dsb ish';
      case 'clean':
        return `cleans ${pages(step.pa, step.sizeBytes)} to PoC`;
      case 'discard':
        return `invalidates ${pages(step.pa, step.sizeBytes)} without a clean`;
      case 'icache':
        return `invalidates the I-cache for ${pages(step.pa, step.sizeBytes)}`;
      case 'alloc':
        return 'allocates a table';
      case 'free':
        return `frees table t${step.slot}`;
      case 'unlink':
        return `leaves table t${step.slot} to a grace period`;
      case 'get':
      case 'put':
        return `${step.do}_page(${step.slot === 0 ? 'root' : `t${step.slot}`})`;
      default:
        return undefined;
    }
  }

  #value(step: { readonly entry: number; readonly low: number; readonly high: number }, moment: number): string {
    return step.low === 0 ? '0' : this.tables.descriptor(moment, step.entry, step.low, step.high);
  }
}

function tlbiText(what: Tlbi): string {
  return what === 'vmid' ? 'vmalls12e1is' : namedText(what);
}
