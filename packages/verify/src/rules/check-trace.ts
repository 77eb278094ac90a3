/** Holds a trace against rules, without a table of the core's or a search: a step comes after the other. */
import { GuestPages } from '../explore/guest-pages.ts';
import { DIRTY, Layout, MOMENT, PAGE_STATE, STALE_LINE, WRITTEN } from '../explore/layout.ts';
import { STRICTEST } from '../hardware/architecture.ts';
import { Moments } from '../hardware/timeline.ts';
import { TranslationView } from '../hardware/translation-view.ts';
import { Views } from '../hardware/views.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import { FETCH, PAGE_BYTES, READ, WRITE } from '../world.ts';
import { BLOCK_LOW, pageLow, TABLE_LOW } from './descriptors.ts';
import { RULES } from './index.ts';
import { NOTHING_ENDED, type Rule, type RuleName, type SectionEnd } from './rule.ts';
import type { Trace, TraceStep } from './trace.ts';

const PAGES = 4;
const KINDS = { read: READ, write: WRITE, fetch: FETCH } as const;
type Access = Extract<TraceStep, { readonly do: 'access' }>;

/** A rule that a trace breaks, and at which of its steps. */
export interface TraceFinding {
  readonly rule: RuleName;
  readonly step: number;
}

/** The first rule that a trace breaks, or `undefined`. */
export function checkTrace(trace: Trace, rules: readonly Rule[] = RULES): TraceFinding | undefined {
  const checker = new TraceChecker(trace, rules);
  for (const [step, what] of trace.steps.entries()) {
    const rule = checker.step(what);
    if (rule !== undefined) return { rule: rule.name, step };
  }
  return undefined;
}

class TraceChecker {
  readonly #rules: readonly Rule[];
  readonly #layout = new Layout(0, PAGES, false);
  readonly #words = new Uint32Array(this.#layout.words);
  readonly #moments = new Moments();
  readonly #views: Views;
  readonly #view: TranslationView;
  readonly #pages: GuestPages<Rule>;
  readonly #logging: boolean;

  constructor(trace: Trace, rules: readonly Rule[]) {
    const geometry = makeSmallGeometry(2);
    this.#rules = rules;
    this.#logging = trace.logging === true;
    this.#views = new Views({ pages: PAGES }, geometry.ipaLimit / PAGE_BYTES);
    this.#view = new TranslationView(geometry, beginOf(trace));
    this.#pages = new GuestPages(this.#layout, this.#moments, rules, false, STRICTEST);
    this.#enter([]);
  }

  step(step: TraceStep): Rule | undefined {
    switch (step.do) {
      case 'access':
        return this.#access(step);
      case 'host-write':
        this.#pages.hostWrites(this.#words, step.page, false);
        return undefined;
      case 'mark-dirty':
        this.#layout.setPage(this.#words, step.page, DIRTY, 1);
        return undefined;
      case 'collect':
        for (const page of step.pages) {
          this.#layout.setPage(this.#words, page, DIRTY, 0);
          this.#layout.setPage(this.#words, page, WRITTEN, 0);
        }
        return undefined;
      case 'return':
        return this.#return(step.end);
      default:
        return this.#kernel(step);
    }
  }

  #kernel(op: MicroOp): Rule | undefined {
    const freed =
      op.do === 'free' ? this.#rules.find((rule) => rule.free?.(this.#view, op.slot) !== undefined) : undefined;
    if (freed !== undefined) return freed;
    this.#view.apply(op);
    return this.#rules.find((rule) => rule.view?.(this.#view) !== undefined) ?? this.#enter([op]);
  }

  #enter(steps: MicroOp[]): Rule | undefined {
    const moment = this.#moments.add(this.#views, this.#view, { steps, rest: 0, passage: -1, finding: -1 });
    this.#words[MOMENT] = moment;
    return this.#pages.enter(this.#words, moment)?.rule;
  }

  /** An access is made in every way that hardware has. */
  #access({ page, kind, caches }: Access): Rule | undefined {
    const number = KINDS[kind];
    for (const { hostPage, faultLevel, stale } of this.#views.outcomes(this.#views.idOf(this.#view), page, number)) {
      if (faultLevel >= 0 || hostPage < 0) continue;
      const state = this.#layout.getPage(this.#words, hostPage, PAGE_STATE);
      const staleLine = this.#layout.getPage(this.#words, hostPage, STALE_LINE) === 1;
      const broken = this.#rules.find((rule) => rule.access?.rejects(number, state, caches, stale, staleLine) === true);
      if (broken !== undefined) return broken;
      if (number !== WRITE) continue;
      this.#pages.guestWrites(this.#words, hostPage, caches);
      const lost = this.#pages.writeBack(this.#words);
      if (lost !== undefined) return lost.rule;
      if (this.#logging) this.#layout.setPage(this.#words, page, WRITTEN, 1);
    }
    return undefined;
  }

  #return(end: Partial<SectionEnd> | undefined): Rule | undefined {
    this.#view.returned();
    this.#enter([]);
    if (end !== undefined) {
      const whole = { ...NOTHING_ENDED, ...end };
      const broken = this.#rules.find((rule) => rule.section?.(whole) !== undefined);
      if (broken !== undefined) return broken;
    }
    const written = this.#layout.pageMask(this.#words, WRITTEN);
    const marked = this.#layout.pageMask(this.#words, DIRTY);
    return this.#rules.find((rule) => rule.rest?.(written, marked) === true);
  }
}

function beginOf({ begin }: Trace): ConstructorParameters<typeof TranslationView>[1] {
  const words = new Uint32Array(4 * PAGES);
  const root = { slot: 0, serial: 0, level: 2, base: 0 };
  const tables = begin === 'table' ? [root, { slot: 1, serial: 1, level: 3, base: 0 }] : [root];
  if (begin === 'block') words[0] = BLOCK_LOW;
  if (begin === 'table') {
    words[0] = TABLE_LOW;
    for (let page = 0; page < PAGES; page++) words[2 * (PAGES + page)] = pageLow(page);
  }
  return { words, tables, rootSlots: [0] };
}
