import { describe, expect, it } from 'vitest';
import { AFTER, BEFORE, side, type Times, variantDocument } from '../../../test/variant-fixture.ts';
import { renderReport } from '../report.ts';

/** In one line, as lines are broken anywhere. */
function reportOf(before: readonly Times[], after: readonly Times[]): string {
  return renderReport(variantDocument(side('before', before), side('after', after))).replaceAll(/\s+/g, ' ');
}

describe('the report of a series', () => {
  const text = reportOf(BEFORE, AFTER);

  it('has published and simulated times beside each other, with the error of each', () => {
    expect(text).toContain('| 4 | 2.50 s | 2.40 s | −4.12 % | 1.13 s | 1.10 s | −2.48 % | 2.2× | 2.2× |');
    expect(text).toContain('| 1 | 926 ms | 930 ms | +0.43 % | 965 ms | 960 ms | −0.52 % | 0.96× | 0.97× |');
    expect(text).toContain('| 2 | – | 1.20 s | – | – | 1.00 s | – | – | 1.2× |');
    expect(text).not.toContain('Predicted against published');
  });

  it('says in words who is faster, where that turns, and where each side grows', () => {
    expect(text).toContain('is `before` at 1 vCPU and `after` from 4 to 64 vCPUs, published and simulated alike.');
    expect(text).toContain(
      'The order turns between 1 and 4 vCPUs as published, and between 1 and 2 vCPUs as simulated.',
    );
    expect(text).toContain(
      'is **2.6 times as fast** as `before` as published, and **2.7 times as fast** as simulated.',
    );
    expect(text).toContain('The time of `after` grows from 4 vCPUs on, published and simulated alike.');
    expect(text).toContain('Of six simulated times with a published one, half are within **1.5 %** of it');
    expect(text).toContain('Which side is faster is as published in **3 of 3** settings');
    expect(text).toContain('for **2 of 2** curves');
  });

  it('says so where the simulation has it the other way round', () => {
    const wrong = reportOf(BEFORE, [[1, 900, 965], ...AFTER.slice(1)]);
    expect(wrong).toContain('as published; simulated, the faster one is `after` from 1 to 64 vCPUs.');
    expect(wrong).toContain('**2 of 3** settings');
  });

  it('says what each side stands for, and what cannot be had', () => {
    expect(text).toContain('Before, `v5.14`: a spinlock.');
    expect(text).toContain('- The machine is not named.');
  });

  it('needs no published figure', () => {
    const bare = ([vcpus, ms]: Times): Times => [vcpus, ms];
    const own = reportOf(BEFORE.map(bare), AFTER.map(bare));
    expect(own).toContain('| 4 | 2.40 s | 1.10 s | 2.2× |');
    expect(own).toContain('Simulated, the faster one is `before` at 1 vCPU and `after` from 2 to 64 vCPUs.');
  });
});
