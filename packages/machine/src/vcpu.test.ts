/** A vCPU between two looks at it: where its loop stands, and where a change of the tables stops it. */
import { describe, expect, it } from 'vitest';
import { BASE_IPA, LoopList, PAGE } from '../test/cell.ts';
import { Vcpu } from './vcpu.ts';

/** In a loop over 10 pages from the slot's third on, two pages apart; of it 2 accesses are done at a common count of 100. */
function inLoop(): Vcpu {
  const vcpu = new Vcpu(0, new LoopList([{ page: 2, count: 10, strideBytes: 2 * PAGE }]));
  vcpu.nextRun();
  Object.assign(vcpu, { index: 2, plannedAt: 100, stopAt: 108 });
  return vcpu;
}

const pageAt = (page: number): number => BASE_IPA + page * PAGE;

describe('a vCPU', () => {
  it('begins in the guest, with nothing done and no lock wanted', () => {
    const vcpu = new Vcpu(3, new LoopList([]));
    expect(vcpu).toMatchObject({ id: 3, state: 'guest', wantsLock: false, handedOver: false, accesses: 0 });
    expect(vcpu).toMatchObject({ lost: false, lostSince: -1, sharesLock: false, readsLock: false });
    expect(vcpu.run).toEqual({ startIpa: 0, count: 0, strideBytes: 0, write: false });
    expect(vcpu.nextRun()).toBe(false);
  });

  it('passes over loops that access nothing, and counts those that were done', () => {
    const vcpu = new Vcpu(
      0,
      new LoopList([
        { page: 0, count: 0 },
        { page: 1, count: 4 },
        { page: 0, count: 2 },
      ]),
    );
    expect(vcpu.nextRun()).toBe(true);
    expect(vcpu.run).toMatchObject({ startIpa: pageAt(1), count: 4 });
    vcpu.index = 4;
    expect(vcpu.nextRun()).toBe(true);
    expect([vcpu.accesses, vcpu.index, vcpu.addressAt(1)]).toEqual([4, 0, pageAt(1)]);
  });
});

describe('what a vCPU has begun', () => {
  it('is in the guest what the common count says, with the access that is under way', () => {
    const vcpu = inLoop();
    expect([100, 101, 101.5].map((count) => vcpu.begunAt(count))).toEqual([2, 3, 4]);
  });

  it('is in the host what is done and the access that faults, whatever the count', () => {
    const vcpu = inLoop();
    vcpu.state = 'host';
    expect([100, 105].map((count) => vcpu.begunAt(count))).toEqual([3, 3]);
  });

  it('is nothing when it has ended', () => {
    const vcpu = inLoop();
    vcpu.state = 'done';
    expect(vcpu.begunAt(100)).toBe(0);
  });
});

describe('a loop is cut', () => {
  // Accesses 0 to 9 are to pages 2, 4, 6, … 20.
  it.each([
    ['at the first access in the range', 100, [10, 13], 102],
    ['at the first after a begin between two accesses', 100, [9, 13], 102],
    ['nowhere where the range lies between two accesses', 100, [9, 10], 108],
    ['nowhere where the range ends at the next access', 100, [7, 8], 108],
    ['nowhere where all accesses to the range are done', 104, [6, 12], 108],
    ['at the access that is under way', 103, [6, 14], 103],
    ['at the one after it where that is half done', 102.5, [6, 14], 103],
    ['nowhere behind where it stops anyway', 100, [20, 30], 107],
  ] as const)('%s', (_, count, [from, end], stopAt) => {
    const vcpu = inLoop();
    vcpu.cut(count, pageAt(from), pageAt(end));
    expect(vcpu.stopAt).toBe(stopAt);
  });

  it('no later than it was before', () => {
    const vcpu = inLoop();
    vcpu.cut(100, pageAt(10), pageAt(11));
    vcpu.cut(100, pageAt(14), pageAt(15));
    expect(vcpu.stopAt).toBe(102);
    vcpu.cut(100, pageAt(8), pageAt(9));
    expect(vcpu.stopAt).toBe(101);
  });

  it('says whether it stops earlier now', () => {
    const vcpu = inLoop();
    expect(vcpu.cut(100, pageAt(9), pageAt(10))).toBe(false);
    expect(vcpu.cut(100, pageAt(10), pageAt(11))).toBe(true);
    expect(vcpu.cut(100, pageAt(10), pageAt(11))).toBe(false);
  });
});

describe('a loop of several accesses a page, with TLBs', () => {
  /** Of four accesses a page from the slot's third on; of them 2 are done at a common count of 100. */
  const within = (): Vcpu => {
    const vcpu = new Vcpu(0, new LoopList([{ page: 2, count: 40, strideBytes: PAGE / 4 }]));
    vcpu.nextRun();
    Object.assign(vcpu, { index: 2, plannedAt: 100, stopAt: 138 });
    vcpu.plan.entryBytes = PAGE;
    return vcpu;
  };

  it('goes on in the page that it is in when that is taken away, and stops at the next', () => {
    const vcpu = within();
    // It is in its third access.
    expect(vcpu.cut(100.5, pageAt(2), pageAt(4))).toBe(true);
    expect(vcpu.stopAt).toBe(102);
    expect(within().cut(100.5, pageAt(2), pageAt(3))).toBe(false);
  });

  it('stops in the page that it is in where it has not begun an access to it', () => {
    const vcpu = within();
    expect(vcpu.cut(100, pageAt(2), pageAt(4))).toBe(true);
    expect(vcpu.stopAt).toBe(100);
  });

  it('is cut by no break while its translations are held, and stopped when they are flushed', () => {
    const vcpu = within();
    vcpu.plan.held = true;
    expect(vcpu.cut(101, pageAt(2), pageAt(20))).toBe(false);
    expect(vcpu.stopAt).toBe(138);
    expect(vcpu.flushed(101.5)).toBe(true);
    expect(vcpu.plan.flushed).toBe(2);
    expect(vcpu.stopAt).toBe(102);
    expect(vcpu.flushed(101.5)).toBe(false);
  });

  it('is not stopped by a flush where each access asks the table anyway', () => {
    const vcpu = within();
    vcpu.plan.entryBytes = 0;
    expect(vcpu.flushed(101)).toBe(false);
    expect(vcpu.plan.flushed).toBe(1);
  });
});
