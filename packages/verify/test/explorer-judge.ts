/**
 * Operations on a real table, one after the other, held against what TLBs and walkers may hold: the recorder, the hardware
 * and the rules of the explorer, without anybody in between.
 */
import type { EffectSink, Stage2Table } from '@s2bench/core/stage2';
import { IgnoreEffects, teeEffects } from '@s2bench/core/stage2';
import { type Architecture, STRICTEST } from './hardware/architecture.ts';
import { TranslationView } from './hardware/translation-view.ts';
import { SectionRecorder } from './kernel/section-recorder.ts';
import { RULES } from './rules/index.ts';
import type { Rule, RuleName } from './rules/rule.ts';

/** A rule that an operation broke, and at which of its steps: effects on entries, TLBs, caches and table pages. */
export interface TableFinding {
  readonly rule: RuleName;
  /** From 1, with a word for what it does. */
  readonly step: string;
  readonly text: string;
}

/** How many actions of an operation are followed: after each all of the table is walked, as a walker might. */
const MOST_ACTIONS = 128;

/** A recorder that does not look for stores where only reads and counts are told: the contract has no store without an effect. */
class StoresRecorder extends SectionRecorder {
  override descriptorsRead(): void {}
  override referencesDropped(): void {}
}

/** An effect, and how many actions were recorded when it was done. */
interface Mark {
  readonly what: string;
  readonly actions: number;
}

/** Marks where one effect ends and the next begins. */
class Marks extends IgnoreEffects {
  readonly marks: Mark[] = [];
  readonly #recorder: SectionRecorder;

  constructor(recorder: SectionRecorder) {
    super();
    this.#recorder = recorder;
  }

  override entryInvalidated(): void {
    this.#mark('invalidate');
  }
  override leafInstalled(): void {
    this.#mark('install');
  }
  override tableInstalled(): void {
    this.#mark('install table');
  }
  override leavesChanged(): void {
    this.#mark('change leaves');
  }
  override tlbiVmid(): void {
    this.#mark('TLBI VMID');
  }
  override tlbiIpa(): void {
    this.#mark('TLBI IPA');
  }
  override dcacheClean(): void {
    this.#mark('clean');
  }
  override tableAllocated(): void {
    this.#mark('allocate table');
  }
  override tableFreed(): void {
    this.#mark('free table');
  }

  #mark(what: string): void {
    this.marks.push({ what, actions: this.#recorder.ops.length });
  }
}

/** Judges the operations on one table with pages of 4K. It listens to the table's effects from then on. */
export class TableJudge {
  readonly #rules: readonly Rule[];
  readonly #recorder = new StoresRecorder();
  readonly #marks: Marks;
  readonly #view: TranslationView;
  #follows = true;

  /** @param rules - of these, what looks at TLBs and at walkers is held */
  constructor(table: Stage2Table, rules: readonly Rule[] = RULES, arch: Architecture = STRICTEST) {
    const { arena, geometry } = table;
    this.#rules = rules;
    this.#marks = new Marks(this.#recorder);
    const tables = [...arena.liveSlots()].map((slot) => ({
      slot,
      serial: arena.serialOf(slot),
      level: arena.levelOf(slot),
      base: arena.baseOf(slot),
    }));
    const rootSlots = Array.from({ length: geometry.rootPages }, (_, page) => page);
    this.#view = new TranslationView(geometry, { words: arena.words, tables, rootSlots }, arch);
    this.#recorder.attach(table);
    const sink: EffectSink = table.effects;
    table.effects = teeEffects(sink, this.#recorder, this.#marks);
  }

  /**
   * The operation has returned.
   *
   * @returns the first rule that it broke. Nothing either where it did more than can be followed, from then on
   */
  returned(): TableFinding | undefined {
    const finding = this.#follows ? this.#judge() : undefined;
    this.#recorder.restart();
    this.#marks.marks.length = 0;
    return finding;
  }

  #judge(): TableFinding | undefined {
    this.#recorder.finish();
    const { ops } = this.#recorder;
    if (ops.length > MOST_ACTIONS) {
      this.#follows = false;
      return undefined;
    }
    let done = 0;
    for (const [index, { what, actions }] of this.#marks.marks.entries()) {
      const step = `${index + 1} (${what})`;
      for (; done < actions; done++) {
        const op = ops[done];
        if (op === undefined) continue;
        const freed = op.do === 'free' ? this.#broken((rule) => rule.free?.(this.#view, op.slot)) : undefined;
        if (freed !== undefined) return { ...freed, step };
        this.#view.apply(op);
        const held = this.#broken((rule) => rule.view?.(this.#view));
        if (held !== undefined) return { ...held, step };
      }
    }
    this.#view.returned();
    return undefined;
  }

  #broken(look: (rule: Rule) => string | undefined): Omit<TableFinding, 'step'> | undefined {
    for (const rule of this.#rules) {
      const text = look(rule);
      if (text !== undefined) return { rule: rule.name, text };
    }
    return undefined;
  }
}
