/**
 * Whether lock sections do the same when they are run again: a strategy that remembers, draws a number or looks at the
 * clock gives verdicts that hang on the order in which it was asked.
 */
import { VerifyError } from '../errors.ts';
import type { BackingState } from './backing-state.ts';
import type { FaultRecord } from './fault-record.ts';
import type { MicroOp } from './micro-op.ts';
import type { Operation } from './operation.ts';

/** What is compared of a lock section that ran. */
export interface RanSection {
  readonly operation: Operation;
  readonly backing: BackingState;
  readonly ops: readonly MicroOp[];
  readonly failure: string | undefined;
  readonly fault: FaultRecord | undefined;
  /** The protected state that it leads to: equal ones have one number. */
  readonly to: { readonly id: number };
}

/** A section, and how to run it again from the same state. */
interface Repeatable {
  readonly section: RanSection;
  readonly again: () => RanSection;
}

/** Runs each kind of section of an exploration once more at once, and all of them once more backwards. */
export class Repeats {
  readonly #strategy: string;
  readonly #seen = new Set<string>();
  readonly #kept: Repeatable[] = [];

  /** @param strategy - its name, for the error */
  constructor(strategy: string) {
    this.#strategy = strategy;
  }

  /**
   * A section was run for the first time. Of sections that differ in nothing but the state that they begin in, one is run
   * again: there are thousands of those.
   *
   * @throws VerifyError where it does something else
   */
  ran(section: RanSection, again: () => RanSection): void {
    const key = `${section.backing} ${JSON.stringify(section.operation)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#compare({ section, again }, 'twice from the same state');
    this.#kept.push({ section, again });
  }

  /**
   * Runs all that were run twice once more, the last first.
   *
   * @throws VerifyError where one does something else
   */
  backwards(): void {
    for (const one of this.#kept.toReversed()) this.#compare(one, 'once more in the other order');
  }

  #compare({ section, again }: Repeatable, how: string): void {
    const second = again();
    const difference = differenceOf(section, second);
    if (difference === undefined) return;
    throw new VerifyError(
      `strategy ${this.#strategy} is not hermetic: ${operationText(section)}, run ${how}, ${difference}; it must remember nothing and ask for neither time nor chance`,
    );
  }
}

/** How two runs differ, in words; nothing where they do not. */
function differenceOf(first: RanSection, second: RanSection): string | undefined {
  for (let at = 0; at < Math.max(first.ops.length, second.ops.length); at++) {
    const [one, other] = [first.ops[at], second.ops[at]];
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    return `does ${actionText(other)} as action ${at + 1} where it did ${actionText(one)}`;
  }
  if (first.failure !== second.failure)
    return `ends with ${second.failure ?? 'no error'} where it ended with ${first.failure ?? 'no error'}`;
  if (first.to.id !== second.to.id) return 'leaves another table behind, or other counts';
  if (JSON.stringify(first.fault) !== JSON.stringify(second.fault)) return 'ends the fault otherwise';
  return undefined;
}

function operationText({ operation }: RanSection): string {
  if (operation.do !== 'fault') return `the section ${operation.do}`;
  const { fault } = operation;
  return `the fault's section ${fault.phase} at 0x${fault.ipa.toString(16)}`;
}

/** An action in a few words: its kind, and where. */
function actionText(op: MicroOp | undefined): string {
  if (op === undefined) return 'nothing';
  switch (op.do) {
    case 'write':
      return `a store to entry ${op.entry}`;
    case 'barrier':
      return `dsb ${op.kind}`;
    case 'tlbi-ipa':
      return `tlbi-ipa of ${op.pages === 1 ? '' : `${op.pages} pages from `}0x${op.ipa.toString(16)}`;
    case 'clean':
    case 'discard':
    case 'icache':
      return `${op.do} of 0x${op.sizeBytes.toString(16)} bytes at 0x${op.pa.toString(16)}`;
    case 'alloc':
    case 'free':
      return `${op.do} of the table page in slot ${op.slot}`;
    default:
      return op.do;
  }
}
