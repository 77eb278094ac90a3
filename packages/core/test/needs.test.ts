import { describe, expect, it } from 'vitest';
import { lackingFeatures, needsSchema } from '../src/index.ts';

describe('what a strategy needs', () => {
  it('is lacking where a machine does not say that it has it, by the architecture’s name', () => {
    const needs = { fwb: true, dic: true, idc: true, bbmLevel: 2, rangeTlbi: true } as const;
    expect(lackingFeatures(needs, {})).toEqual([
      'FEAT_S2FWB',
      'CTR_EL0.DIC',
      'CTR_EL0.IDC',
      'FEAT_BBM level 2',
      'FEAT_TLBIRANGE',
    ]);
    const has = { fwb: true, dic: true, idc: true, bbmLevel: 2, rangeTlbi: true } as const;
    expect(lackingFeatures(needs, has)).toEqual([]);
    expect(lackingFeatures({ bbmLevel: 2 }, { ...has, bbmLevel: 1 })).toEqual(['FEAT_BBM level 2']);
    expect(lackingFeatures({}, {})).toEqual([]);
    expect(lackingFeatures(undefined, {})).toEqual([]);
  });

  it.each([
    [{ bbmLevel: 1 }, 'must be 2, or left out: what level 1 allows hangs on the nT bit'],
    [{ fwb: false }, 'must be true, or left out where the feature is not needed'],
    [{ sve: true }, 'sve'],
  ])('%j is refused', (needs, message) => {
    expect(needsSchema.safeParse(needs).error?.issues[0]?.message).toContain(message);
  });
});
