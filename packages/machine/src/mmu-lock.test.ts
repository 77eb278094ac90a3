import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COSTS, LoopList } from '../test/cell.ts';
import type { Actor } from './actor.ts';
import { chargesByName, noCharges } from './charges.ts';
import { MmuLock } from './mmu-lock.ts';
import { Vcpu } from './vcpu.ts';

function newVcpu(id: number): Vcpu {
  return new Vcpu(id, new LoopList([]));
}

describe('mmu_lock', () => {
  it('is granted to one who finds it free after the cost of taking it', () => {
    const lock = new MmuLock(COSTS);
    const vcpu = newVcpu(0);
    lock.request(vcpu, 1000);
    expect(vcpu.state).toBe('granted');
    expect(vcpu.readyNs).toBe(1000 + COSTS.lockAcquire);
    expect(vcpu.lockRequestedNs).toBe(1000);
  });

  it('makes the others wait, and goes from hand to hand in the order in which they asked', () => {
    const lock = new MmuLock(COSTS);
    const [first, second, third] = [newVcpu(2), newVcpu(1), newVcpu(0)];
    lock.request(first, 0);
    lock.request(second, 10);
    lock.request(third, 20);
    for (const vcpu of [second, third]) expect([vcpu.state, vcpu.readyNs]).toEqual(['waiting', Infinity]);

    lock.release(500);
    expect([second.state, second.readyNs]).toEqual(['granted', 500 + COSTS.lockHandover]);
    expect(third.state).toBe('waiting');
    lock.release(2000);
    expect([third.state, third.readyNs]).toEqual(['granted', 2000 + COSTS.lockHandover]);
    expect(third.lockRequestedNs).toBe(20);
  });

  it('takes what its read side costs for one who needs no more, alone or beside others', () => {
    const lock = new MmuLock({ ...COSTS, readAcquire: COSTS.lockAcquire + 70 });
    const ready = (ask: (vcpu: Vcpu) => void): number => {
      const vcpu = newVcpu(0);
      ask(vcpu);
      const charges = noCharges();
      lock.chargeTo(charges, vcpu);
      expect(chargesByName(charges).readAcquire).toBe(vcpu.readsLock ? COSTS.lockAcquire + 70 : 0);
      return vcpu.readyNs;
    };
    expect(ready((vcpu) => lock.requestShared(vcpu, 0))).toBe(COSTS.lockAcquire + 70);
    lock.releaseShared(100);
    expect(ready((vcpu) => lock.request(vcpu, 100, true))).toBe(100 + COSTS.lockAcquire + 70);
    lock.release(300);
    expect(ready((vcpu) => lock.request(vcpu, 300))).toBe(300 + COSTS.lockAcquire);
  });

  it('is free again once nobody waits', () => {
    const lock = new MmuLock(COSTS);
    lock.request(newVcpu(0), 0);
    lock.release(100);
    const next = newVcpu(1);
    lock.request(next, 300);
    expect([next.state, next.readyNs]).toEqual(['granted', 300 + COSTS.lockAcquire]);
  });

  it('charges whoever has it for how it came to it', () => {
    const lock = new MmuLock(COSTS);
    const [first, second] = [newVcpu(0), newVcpu(1)];
    lock.request(first, 0);
    lock.request(second, 0);
    lock.release(100);
    const costsOf = (vcpu: Vcpu): Record<string, number> => {
      const charges = noCharges();
      lock.chargeTo(charges, vcpu);
      return Object.fromEntries(Object.entries(chargesByName(charges)).filter(([, ns]) => ns > 0));
    };
    expect(costsOf(first)).toEqual({ lockAcquire: COSTS.lockAcquire });
    expect(costsOf(second)).toEqual({ lockHandover: COSTS.lockHandover });
    // Whoever finds it free again is handed nothing.
    lock.release(200);
    lock.request(second, 300);
    expect(costsOf(second)).toEqual({ lockAcquire: COSTS.lockAcquire });
  });

  it('keeps the order over any sequence of requests and releases, thousands long', () => {
    // True asks, false gives up.
    const requests = fc
      .array(fc.boolean(), { minLength: 20, maxLength: 400 })
      .map((turns) => [
        ...Array.from({ length: 3000 }, () => true),
        ...Array.from({ length: 2500 }, () => false),
        ...turns,
      ]);
    fc.assert(
      fc.property(requests, (turns) => {
        const lock = new MmuLock(COSTS);
        const waiting: Vcpu[] = [];
        let holder: Vcpu | undefined;
        let unfair = 0;
        for (const [nowNs, asks] of turns.entries()) {
          if (asks) {
            const vcpu = newVcpu(nowNs);
            lock.request(vcpu, nowNs);
            if (vcpu.state !== (holder === undefined ? 'granted' : 'waiting')) unfair++;
            if (holder === undefined) holder = vcpu;
            else waiting.push(vcpu);
          } else if (holder !== undefined) {
            lock.release(nowNs);
            holder = waiting.shift();
            if (holder !== undefined && holder.readyNs !== nowNs + COSTS.lockHandover) unfair++;
            if (waiting[0] !== undefined && waiting[0].state !== 'waiting') unfair++;
          }
        }
        expect(unfair).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('is shared by readers, and comes to a writer when the last of them has gone', () => {
    const lock = new MmuLock(COSTS);
    const [first, second, writer, late, later] = [0, 1, 2, 3, 4].map(newVcpu) as [Vcpu, Vcpu, Vcpu, Vcpu, Vcpu];
    lock.requestShared(first, 0);
    lock.requestShared(second, 10);
    expect([first.readyNs, second.readyNs]).toEqual([COSTS.lockAcquire, 10 + COSTS.lockAcquire]);
    lock.request(writer, 20);
    lock.requestShared(late, 30);
    lock.requestShared(later, 40);
    expect([writer, late, later].map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);

    const granted: Actor[] = [];
    const note = (actor: Actor): void => void granted.push(actor);
    lock.releaseShared(100, note);
    expect(granted).toEqual([]);
    lock.releaseShared(200, note);
    expect(granted).toEqual([writer]);
    expect(writer.readyNs).toBe(200 + COSTS.lockHandover);
    // Each of those who stand one behind the other lets the next one in.
    lock.release(1000, note);
    expect(granted).toEqual([writer, late, later]);
    expect([late.readyNs, later.readyNs]).toEqual([1000 + COSTS.lockHandover, 1000 + 2 * COSTS.lockHandover]);
  });

  it('lets a reader in beside others only where no writer waits', () => {
    const lock = new MmuLock(COSTS);
    const [reader, writer, next] = [0, 1, 2].map(newVcpu) as [Vcpu, Vcpu, Vcpu];
    lock.requestShared(reader, 0);
    lock.request(writer, 10);
    lock.releaseShared(50);
    lock.release(100);
    lock.requestShared(next, 200);
    expect([next.state, next.handedOver, next.readyNs]).toEqual(['granted', false, 200 + COSTS.lockAcquire]);
  });
});

describe('the line of the read side', () => {
  const LINE = 100;

  it('is taken by one after the other, when they come and when they go, and charged', () => {
    const lock = new MmuLock({ ...COSTS, lockLine: LINE });
    const [first, second] = [newVcpu(0), newVcpu(1)];
    for (const vcpu of [first, second]) lock.requestShared(vcpu, 0);
    expect(first).toMatchObject({ state: 'granted', lineNs: LINE, readyNs: LINE + COSTS.lockAcquire });
    expect(second).toMatchObject({ state: 'granted', lineNs: 2 * LINE, readyNs: 2 * LINE + COSTS.lockAcquire });
    const charges = noCharges();
    lock.chargeTo(charges, second);
    expect(chargesByName(charges)).toMatchObject({ lockLine: 2 * LINE, lockAcquire: COSTS.lockAcquire });
    const leaving = noCharges();
    expect([first, second].map((vcpu) => lock.leave(vcpu, 1000, leaving))).toEqual([false, false]);
    expect([first, second].map(({ state, readyNs }) => [state, readyNs])).toEqual([
      ['leaving', 1000 + LINE],
      ['leaving', 1000 + 2 * LINE],
    ]);
    expect(chargesByName(leaving).lockLine).toBe(3 * LINE);
    // One waits for it alone: it gets it when the last one has been at the line.
    const alone = newVcpu(2);
    lock.request(alone, 1050);
    expect(lock.leave(first, 1100, leaving)).toBe(true);
    expect(alone.state).toBe('waiting');
    expect(lock.leave(second, 1200, leaving)).toBe(true);
    expect(alone).toMatchObject({ state: 'granted', readyNs: 1200 + COSTS.lockHandover, lineNs: 0 });
    expect(chargesByName(leaving).lockLine).toBe(3 * LINE);
  });

  it('costs nothing where the profile has none: who leaves has left', () => {
    const lock = new MmuLock(COSTS);
    const vcpu = newVcpu(0);
    lock.requestShared(vcpu, 0);
    expect(vcpu).toMatchObject({ lineNs: 0, readyNs: COSTS.lockAcquire });
    expect(lock.shareNs).toEqual({ takenNs: COSTS.lockAcquire, allNs: COSTS.lockAcquire });
    expect(lock.leave(vcpu, 50, noCharges())).toBe(true);
    const withLine = new MmuLock({ ...COSTS, lockLine: LINE, readAcquire: 30 });
    expect(withLine.shareNs).toEqual({ takenNs: 30 + LINE, allNs: 30 + 2 * LINE });
  });

  it('is remembered to be asked for alone, and not where all share it', () => {
    const lock = new MmuLock(COSTS);
    lock.requestShared(newVcpu(0), 0);
    expect(lock.wasAsked).toBe(false);
    lock.request(newVcpu(1), 0);
    expect(lock.wasAsked).toBe(true);
  });
});
