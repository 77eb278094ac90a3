import noCmo from '@s2bench/strategy-install-first-no-cmo';
import { verifySetting } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { judgeShipped } from '../test/shipped.ts';
import { QUICK_WORLDS } from '../test/worlds.ts';
import { habitat } from './habitats.ts';

judgeShipped(QUICK_WORLDS);

describe('the counterexample of the RFC', () => {
  it('has at most eight steps, and ends in the guest’s terms', () => {
    const { world, history, fwb } = habitat('partial-table');
    const found = verifySetting({ strategy: noCmo }, world, { history, fwb });
    expect(found.steps).toBeLessThanOrEqual(8);
    expect(found.counterexample?.conclusion).toMatch(/vCPU \d.*page \d/);
  });
});
