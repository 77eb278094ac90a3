import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COSTS, LoopList } from '../test/cell.ts';
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
});
