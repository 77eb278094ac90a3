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

  it('are copied with what may be written, also to the TLBs of another machine', () => {
    const { tlb, flushes } = tlbs(64);
    tlb.used(0, PAGE, 2, PAGE, true);
    tlb.used(8 * PAGE, PAGE, 2, PAGE, false);
    const copy = new Tlb(64, { vmid: 7, stage1: 3 });
    copy.copyFrom(tlb);
    expect(copy.entries).toBe(4);
    const granted = (page: number): unknown[] => [copy.find(page * PAGE, PAGE, 1), copy.how, copy.grantsWrites];
    expect([granted(0), granted(8), granted(4)[0]]).toEqual([[1, 1, true], [1, 1, false], 0]);
    // What the other one has not heard of yet it does not hold.
    flushes.vmid++;
    copy.copyFrom(tlb);
    expect(copy.entries).toBe(0);
  });

  it('keep as many runs as loops have left, in the order of their use', () => {
    const { tlb } = tlbs(100);
    // Apart from each other: each is a run of its own.
    for (let page = 0; page < 200; page += 2) tlb.used(page * PAGE, PAGE, 1, PAGE, false);
    expect(tlb.entries).toBe(100);
    expect([0, 98, 198].map((page) => tlb.find(page * PAGE, PAGE, 1))).toEqual([1, 1, 1]);
    tlb.used(1001 * PAGE, PAGE, 1, PAGE, false);
    expect([0, 2, 1001].map((page) => tlb.find(page * PAGE, PAGE, 1))).toEqual([0, 1, 1]);
    tlb.drop(50 * PAGE, 20 * PAGE);
    expect(tlb.entries).toBe(90);
    expect([48, 50, 68, 70].map((page) => tlb.find(page * PAGE, PAGE, 1))).toEqual([1, 0, 0, 1]);
  });

  it('grant a write once one was done, to the entries that it was done to', () => {
    const { tlb } = tlbs(64);
    tlb.used(0, PAGE, 6, PAGE, false);
    expect(tlb.find(2 * PAGE, PAGE, 2)).toBe(2);
    tlb.renewed(2 * PAGE, PAGE, 2, true);
    const grants = [0, 1, 2, 3, 4, 5].map((page) => (tlb.find(page * PAGE, PAGE, 1), tlb.grantsWrites));
    expect(grants).toEqual([false, false, true, true, false, false]);
    // Read again, they grant it still.
    tlb.find(2 * PAGE, PAGE, 1);
    tlb.renewed(2 * PAGE, PAGE, 1, false);
    tlb.find(2 * PAGE, PAGE, 1);
    expect(tlb.grantsWrites).toBe(true);
    tlb.renewed(0, PAGE, 1, false);
    tlb.find(0, PAGE, 1);
    expect(tlb.grantsWrites).toBe(false);
  });

  it('find the accesses of loops of any stride in entries side by side', () => {
    const strided = (...strides: number[]) =>
      fc.record({ page: fc.nat(40), stride: fc.constantFrom(...strides), count: fc.integer({ min: 1, max: 20 }) });
    // Of two loops that both leave out pages it is not looked for every one that they have in common.
    const dense = strided(PAGE / 4, PAGE / 2, PAGE);
    const any = strided(PAGE / 4, PAGE, 2 * PAGE, 3 * PAGE, 5 * PAGE);
    fc.assert(
      fc.property(fc.array(dense, { minLength: 1, maxLength: 6 }), any, (before, { page, stride, count }) => {
        const { tlb } = tlbs(10_000);
        const held = new Set<number>();
        for (const one of before) {
          // Only what is not held yet is used; the rest is there anyway.
          for (let access = 0; access < one.count; access++) {
            const address = one.page * PAGE + access * one.stride;
            if (held.has(Math.floor(address / PAGE))) continue;
            const left = one.count - access;
            let accesses = 1;
            while (accesses < left && !held.has(Math.floor((address + accesses * one.stride) / PAGE))) accesses++;
            expect(tlb.untilFound(address, one.stride, left)).toBe(accesses);
            tlb.used(address, one.stride, accesses, PAGE, false);
            for (let at = 0; at < accesses; at++) held.add(Math.floor((address + at * one.stride) / PAGE));
            access += accesses - 1;
          }
        }
        expect(tlb.entries).toBe(held.size);
        for (let access = 0; access < count;) {
          const address = page * PAGE + access * stride;
          const found = tlb.find(address, stride, count - access);
          const isHeld = (at: number): boolean => held.has(Math.floor((address + at * stride) / PAGE));
          expect(found > 0).toBe(isHeld(0));
          for (let at = 0; at < found; at++) expect(isHeld(at)).toBe(true);
          // It may stop before the loop does where another run goes on.
          access += Math.max(1, found);
        }
      }),
    );
  });
});
