import { DEFAULT_PRESET, type Preset } from '@s2bench/studies';
import { describe, expect, it } from 'vitest';
import { FAKE_WORKLOAD } from '../../test/fixtures/fake-workload.ts';
import { flagLayer, type ListTexts, mergeLayers, namedLayer } from './run-flags.ts';
import { allAxes, spansOf } from './variants.ts';

const SERIES: Preset = {
  ...DEFAULT_PRESET,
  name: 'series',
  variants: [
    { name: 'before', lists: { kernel: ['v5.14'] }, standsFor: 'a spinlock' },
    { name: 'after', lists: { kernel: ['v5.18', 'v6.1'] }, standsFor: 'an rwlock' },
  ],
};

function spans(preset: Preset, flags: ListTexts) {
  const lowest = namedLayer('preset series', preset.lists);
  const over = [flagLayer(flags)];
  return spansOf(preset, mergeLayers([lowest, ...over]), over, { builtIn: [FAKE_WORKLOAD], foreign: new Map() });
}

describe('spansOf', () => {
  it('gives a preset without variants the matrix that it has', () => {
    const [only, ...none] = spans(DEFAULT_PRESET, { vcpus: ['8'] });
    expect(none).toEqual([]);
    expect(only).toMatchObject({ axes: { vcpus: [8], kernel: ['v5.12p1'] } });
    expect(only).not.toHaveProperty('variant');
  });

  it('gives each variant what is its own, and both what is given', () => {
    const both = spans(SERIES, { vcpus: ['1', '64'], memory: ['2G'] });
    expect(both.map(({ variant, axes }) => [variant, axes.kernel, axes.vcpus, axes.memory])).toEqual([
      ['before', ['v5.14'], [1, 64], [2 ** 31]],
      ['after', ['v5.18', 'v6.1'], [1, 64], [2 ** 31]],
    ]);
    expect(allAxes(both)).toMatchObject({ kernel: ['v5.14', 'v5.18', 'v6.1'], workload: ['page-table-test'] });
  });

  it('refuses what the variants are told by, and says what is compared', () => {
    expect(() => spans(SERIES, { kernel: ['v6.12'] })).toThrow(
      '--kernel v6.12: preset series compares v5.14 before with v5.18, v6.1 after; leave it out, or choose a preset without variants',
    );
  });

  it('names the variant of a value that cannot be', () => {
    const [before] = SERIES.variants ?? [];
    const wrong = { name: 'after', lists: { kernel: ['v5.1x'] }, standsFor: 'nothing' } as const;
    if (before === undefined) throw new Error('there is no variant');
    expect(() => spans({ ...SERIES, variants: [before, wrong] }, {})).toThrow(/^preset series, after: kernel v5\.1x: /);
  });
});
