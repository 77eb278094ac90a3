import { DEFAULT_PRESET } from '@s2bench/studies';
import { describe, expect, it } from 'vitest';
import { flagLayer, type ListTexts, mergeLayers, namedLayer } from './run-flags.ts';

const preset = namedLayer('preset', DEFAULT_PRESET.lists);
const merge = (config: ListTexts, flags: ListTexts) =>
  mergeLayers([preset, namedLayer('config', config), flagLayer(flags)]);

describe('mergeLayers', () => {
  it('lets flags win over the config file, and that over the preset', () => {
    const merged = merge({ vcpus: ['4'], memory: ['2G'] }, { vcpus: ['8'] });
    expect(merged.vcpus).toEqual({ texts: ['8'], origin: '--vcpus', level: 2 });
    expect(merged.memory).toEqual({ texts: ['2G'], origin: 'config: memory', level: 1 });
    expect(merged.kernel).toEqual({ texts: ['v5.12p1'], origin: 'preset: kernel', level: 0 });
  });

  it('drops a granule that a higher backing or page size has made meaningless', () => {
    expect(merge({}, {}).granule?.texts).toEqual(['1G']);
    expect(merge({}, { backing: ['anonymous'] }).granule).toBeUndefined();
    expect(merge({ granule: ['2M'] }, { pageSize: ['64K'] }).granule).toBeUndefined();
  });

  it('keeps a granule that is given as high as they are', () => {
    expect(merge({ backing: ['thp'] }, { granule: ['2M'] }).granule?.texts).toEqual(['2M']);
    expect(merge({}, { pageSize: ['64K'], granule: ['1G'] }).granule?.texts).toEqual(['1G']);
  });

  it('needs a complete lowest layer', () => {
    expect(() => mergeLayers([flagLayer({ vcpus: ['1'] })])).toThrow('no layer gives strategy');
  });
});
