/**
 * The explorer's own hardware and rules, listening to one table with nobody in between: what the judge of real tables is held
 * against. After each action all of the table is walked, as a walker might, so it is for small tables.
 */
import type { Stage2Table } from '@s2bench/core/stage2';
import { teeEffects } from '@s2bench/core/stage2';
import { type Architecture } from '../src/hardware/architecture.ts';
import { TranslationView } from '../src/hardware/translation-view.ts';
import { SectionRecorder } from '../src/kernel/section-recorder.ts';
import { RULES } from '../src/rules/index.ts';
import type { RuleName } from '../src/rules/rule.ts';

/** Judges one operation on a table. It listens to the table's effects from then on. */
export class ExplorerJudge {
  readonly #recorder = new SectionRecorder();
  readonly #view: TranslationView;

  constructor(table: Stage2Table, arch: Architecture) {
    const { arena, geometry } = table;
    const tables = [...arena.liveSlots()].map((slot) => ({
      slot,
      serial: arena.serialOf(slot),
      level: arena.levelOf(slot),
      base: arena.baseOf(slot),
    }));
    const rootSlots = Array.from({ length: geometry.rootPages }, (_, page) => page);
    this.#view = new TranslationView(geometry, { words: arena.words, tables, rootSlots }, arch);
    this.#recorder.attach(table);
    table.effects = teeEffects(table.effects, this.#recorder);
  }

  /** The operation has returned: the first rule that it broke, of those that look at TLBs and walkers. */
  returned(): RuleName | undefined {
    this.#recorder.finish();
    for (const op of this.#recorder.ops) {
      const freed = op.do === 'free' ? this.#broken((rule) => rule.free?.(this.#view, op.slot)) : undefined;
      if (freed !== undefined) return freed;
      this.#view.apply(op);
      const held = this.#broken((rule) => rule.view?.(this.#view));
      if (held !== undefined) return held;
    }
    return undefined;
  }

  #broken(look: (rule: (typeof RULES)[number]) => string | undefined): RuleName | undefined {
    return RULES.find((rule) => look(rule) !== undefined)?.name;
  }
}
