import { describe, expect, it } from 'vitest';
import { HELD } from './tlb.ts';
import { Tlbs } from './tlbs.ts';

const PAGE = 4096;

/** TLBs of vCPUs that have each used the first eight pages. */
function used(vcpus: number): Tlbs {
  const tlbs = new Tlbs(vcpus, 64);
  for (const tlb of tlbs.of) tlb.used(0, PAGE, 8, PAGE, false);
  return tlbs;
}

/** By page what a vCPU finds: 1 both stages, 2 stage 2 alone, 0 nothing. */
function found(tlbs: Tlbs, vcpu: number): string {
  const tlb = tlbs.of[vcpu];
  return Array.from({ length: 8 }, (_, page) =>
    tlb === undefined || tlb.find(page * PAGE, PAGE, 1) === 0 ? 0 : tlb.how,
  ).join('');
}

describe('the TLBs of vCPUs', () => {
  it('hold what each has used, as many entries as they are given', () => {
    const tlbs = new Tlbs(2, 4);
    tlbs.of[1]?.used(0, PAGE, 8, PAGE, false);
    expect([found(tlbs, 0), found(tlbs, 1)]).toEqual(['00000000', '00001111']);
    expect(HELD).toBe(1);
  });

  it('lose all to a TLBI of the VMID', () => {
    const tlbs = used(2);
    tlbs.flush('vmid', 0, 0);
    expect([found(tlbs, 0), found(tlbs, 1)]).toEqual(['00000000', '00000000']);
  });

  it('lose a range to a TLBI of it, and stage 1 of all else', () => {
    const tlbs = used(2);
    tlbs.flush('stage-2', 2 * PAGE, 3 * PAGE);
    expect([found(tlbs, 0), found(tlbs, 1)]).toEqual(['22000222', '22000222']);
  });

  it('lose stage 1 on one core to a TLBI that no other hears', () => {
    const tlbs = used(2);
    tlbs.flushLocally(1);
    expect([found(tlbs, 0), found(tlbs, 1)]).toEqual(['11111111', '22222222']);
    tlbs.flushLocally(7);
    expect(found(tlbs, 0)).toBe('11111111');
  });

  it('are the same for all of a class when one has run for it, and for no others', () => {
    const tlbs = new Tlbs(4, 64);
    tlbs.of[1]?.used(0, PAGE, 2, PAGE, false);
    tlbs.of[2]?.used(4 * PAGE, PAGE, 2, PAGE, false);
    tlbs.share(1, (vcpu) => vcpu % 2);
    expect([0, 1, 2, 3].map((vcpu) => found(tlbs, vcpu))).toEqual(['00000000', '11000000', '00001100', '11000000']);
    tlbs.share(9, () => 0);
    expect(found(tlbs, 0)).toBe('00000000');
  });

  it('are copied vCPU by vCPU, also from fewer', () => {
    const [tlbs, other] = [used(3), new Tlbs(2, 64)];
    other.of[1]?.used(5 * PAGE, PAGE, 1, PAGE, false);
    tlbs.copyFrom(other);
    expect([0, 1, 2].map((vcpu) => found(tlbs, vcpu))).toEqual(['00000000', '00000100', '11111111']);
  });
});
