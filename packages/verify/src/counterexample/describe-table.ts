/** The stage-2 table at a moment, in words. */
import type { Geometry } from '@s2bench/core/stage2';
import { childSerial, isTable, LOCKED, outputAddress, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core/stage2';
import { uint32At } from '@s2bench/core/stage2';
import { MOMENT } from '../explore/layout.ts';
import type { Model } from '../explore/model.ts';
import type { Rest } from '../hardware/timeline.ts';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import { PAGE_BYTES } from '../world.ts';
import { rangesOf } from './ranges.ts';

const LAST_LEVEL = 3;

/** What is known of a table page by its place in the arena. */
interface PageInfo {
  readonly slot: number;
  readonly serial: number;
  readonly level: number;
}

/** Puts tables of one model into words. A table page is named by its place, as a page of memory is: `t1`. */
export class TableDescriber {
  readonly #model: Model;
  readonly #geometry: Geometry;

  constructor(model: Model, geometry: Geometry) {
    this.#model = model;
    this.#geometry = geometry;
  }

  /** The entries that are valid, or invalid and not forgotten, the root's first, as far as stores have gone. */
  entries(state: Uint32Array): string[] {
    const { timeline } = this.#model;
    const moment = uint32At(state, MOMENT);
    const { words: kept } = this.#restAt(moment).state;
    const words = new Map<number, readonly [number, number]>();
    for (let entry = 0; 2 * entry < kept.length; entry++)
      words.set(entry, [uint32At(kept, 2 * entry), uint32At(kept, 2 * entry + 1)]);
    const passage = timeline.moments.passage.at(moment);
    if (passage >= 0) {
      const { entriesPerTable } = this.#geometry;
      for (let at = this.#model.passage(passage).first; at <= moment; at++) {
        for (const op of timeline.moments.steps[at] ?? []) {
          if (op.do === 'write') words.set(op.entry, [op.low, op.high]);
          if (op.do === 'free')
            for (let i = 0; i < entriesPerTable; i++) words.set(op.slot * entriesPerTable + i, [0, 0]);
        }
      }
    }
    return [...words].flatMap(([entry, [low, high]]) =>
      low === 0 ? [] : [`${this.name(entry)} ${this.descriptor(moment, entry, low, high)}`],
    );
  }

  /** Table page and index of an entry: `root[0]`, `t1[2]`. */
  name(entry: number): string {
    const { entriesPerTable } = this.#geometry;
    const slot = Math.floor(entry / entriesPerTable);
    return `${slot === 0 ? 'root' : `t${slot}`}[${entry % entriesPerTable}]`;
  }

  /** A descriptor that stands, or stood, in an entry. */
  descriptor(moment: number, entry: number, low: number, high: number): string {
    if (low === LOCKED) return 'locked';
    const text = this.#contents(moment, entry, low, high);
    return (low & VALID) === 0 ? `invalid (was ${text})` : text;
  }

  #contents(moment: number, entry: number, low: number, high: number): string {
    const pages = this.#pagesAt(moment);
    const level =
      pages.find(({ slot }) => slot === Math.floor(entry / this.#geometry.entriesPerTable))?.level ?? LAST_LEVEL;
    if (level < LAST_LEVEL && isTable(low | VALID)) {
      const serial = childSerial(low, high, this.#geometry);
      const child = pages.find((page) => page.serial === serial);
      return child === undefined ? 'a table that is gone' : `table t${child.slot}`;
    }
    const count = (this.#geometry.granuleBytes[level] ?? PAGE_BYTES) / PAGE_BYTES;
    const pa = outputAddress(low, high, this.#geometry);
    const first = (pa - PHYS_BASE) / PAGE_BYTES;
    const what =
      count > 1 ? `block ${rangesOf(Array.from({ length: count }, (_, page) => first + page))}` : `page ${first}`;
    const rights = `r${(low & S2AP_WRITE) === 0 ? '-' : 'w'}${(high & XN_HIGH) === 0 ? 'x' : '-'}`;
    return `${pa < PHYS_BASE ? 'zero page' : what} ${rights}`;
  }

  /** The table pages of the rest that a moment came from, and those that its section allocated. */
  #pagesAt(moment: number): PageInfo[] {
    const { timeline } = this.#model;
    const passage = timeline.moments.passage.at(moment);
    const allocated =
      passage < 0 ? [] : this.#model.passage(passage).section.ops.flatMap((op) => (op.do === 'alloc' ? [op] : []));
    // The last that was put in a place stands there.
    return [...allocated.reverse(), ...this.#restAt(moment).state.pages];
  }

  #restAt(moment: number): Rest {
    return this.#model.restAt(moment);
  }
}
