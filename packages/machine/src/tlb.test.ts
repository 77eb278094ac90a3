/** TLBs as runs of entries, against one that keeps its entries one by one. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tlb } from './tlb.ts';

const PAGE = 4096;

/** An LRU of pages, access by access. */
class PageByPage {
  readonly #capacity: number;
  /** Pages in the order of their use, with whether stage 1 is still there. */
  readonly #pages = new Map<number, boolean>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What an access finds: 1 both stages, 2 stage 2 alone, 0 nothing. */
  access(page: number): number {
    const both = this.#pages.get(page);
    this.#pages.delete(page);
    this.#pages.set(page, true);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#capacity) break;
      this.#pages.delete(oldest);
    }
    return both === undefined ? 0 : both ? 1 : 2;
  }

  flushVmid(): void {
    this.#pages.clear();
  }

  flushRange(first: number, count: number): void {
    for (const page of this.#pages.keys()) {
      if (page >= first && page < first + count) this.#pages.delete(page);
      else this.#pages.set(page, false);
    }
  }

  get size(): number {
    return this.#pages.size;
  }
}

/** What the accesses of a loop find, by runs. */
function loop(tlb: Tlb, first: number, count: number, stride: number): number[] {
  const found: number[] = [];
  for (let done = 0; done < count;) {
    const address = (first + done * stride) * PAGE;
    const left = count - done;
    const held = tlb.find(address, stride * PAGE, left);
    const { how } = tlb;
    const accesses = held > 0 ? held : tlb.untilFound(address, stride * PAGE, left);
    if (held > 0) tlb.renewed(address, stride * PAGE, accesses, false);
    else tlb.used(address, stride * PAGE, accesses, PAGE, false);
    for (let access = 0; access < accesses; access++) found.push(held > 0 ? how : 0);
    done += accesses;
  }
  return found;
}

const loops = fc.record({ first: fc.integer({ min: 0, max: 60 }), count: fc.integer({ min: 1, max: 40 }) });
const happenings = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: loops },
    { weight: 1, arbitrary: fc.constant('vmid' as const) },
    { weight: 2, arbitrary: loops.map((range) => ({ range })) },
  ),
  { maxLength: 25 },
);

function tlbs(capacity: number): { tlb: Tlb; flushes: { vmid: number; stage1: number }; plain: PageByPage } {
  const flushes = { vmid: 0, stage1: 0 };
  return { tlb: new Tlb(capacity, flushes), flushes, plain: new PageByPage(capacity) };
}

describe('the TLBs of a vCPU', () => {
  it('hold what an LRU of single pages holds, whatever loops and TLBIs come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), happenings, (capacity, story) => {
        const { tlb, flushes, plain } = tlbs(capacity);
        for (const happening of story) {
          if (happening === 'vmid') {
            flushes.vmid++;
            plain.flushVmid();
          } else if ('range' in happening) {
            const { first, count } = happening.range;
            flushes.stage1++;
            tlb.drop(first * PAGE, count * PAGE);
            plain.flushRange(first, count);
          } else {
            const { first, count } = happening;
            const expected = Array.from({ length: count }, (_, access) => plain.access(first + access));
            expect(loop(tlb, first, count, 1)).toEqual(expected);
          }
          expect(tlb.entries).toBe(plain.size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('miss nothing on a second pass over what fits, and everything over one page more', () => {
    const { tlb } = tlbs(64);
    loop(tlb, 0, 64, 1);
    expect(new Set(loop(tlb, 0, 64, 1))).toEqual(new Set([1]));
    loop(tlb, 100, 65, 1);
    expect(new Set(loop(tlb, 100, 65, 1))).toEqual(new Set([0]));
  });

  it('hold for loops with a stride the pages that they touch, and none between', () => {
    const { tlb } = tlbs(64);
    loop(tlb, 0, 16, 8);
    expect(tlb.entries).toBe(16);
    expect(new Set(loop(tlb, 0, 16, 8))).toEqual(new Set([1]));
    // A page that it touched is found from any loop, a neighbour is not.
    expect(loop(tlb, 15, 3, 1)).toEqual([0, 1, 0]);
  });

  it('leave stage 2 where a TLBI by IPA took stage 1 only, also one of its own core', () => {
    const { tlb, flushes } = tlbs(64);
    loop(tlb, 0, 4, 1);
    flushes.stage1++;
    expect(loop(tlb, 0, 2, 1)).toEqual([2, 2]);
    expect(loop(tlb, 0, 4, 1)).toEqual([1, 1, 2, 2]);
    tlb.flushLocally();
    expect(loop(tlb, 0, 1, 1)).toEqual([2]);
  });

  it('hold after a copy what the other one held, and from then on their own', () => {
    const { tlb, flushes } = tlbs(8);
    loop(tlb, 0, 4, 1);
    flushes.stage1++;
    loop(tlb, 4, 2, 1);
    const copy = new Tlb(8, flushes);
    copy.copyFrom(tlb);
    expect(loop(copy, 0, 6, 1)).toEqual([2, 2, 2, 2, 1, 1]);
    expect(loop(tlb, 0, 1, 1)).toEqual([2]);
  });
});
