import { ACCESS_FLAG, S2AP_WRITE, XN_HIGH } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { leafChange } from './leaf-change.ts';

describe('leafChange', () => {
  it('tells permissions from everything else, the access flag included', () => {
    const low = 0x7ff;
    expect(leafChange(low, XN_HIGH, low, XN_HIGH)).toBe('none');
    expect(leafChange(low, XN_HIGH, low & ~S2AP_WRITE, 0)).toBe('permissions');
    expect(leafChange(low, XN_HIGH, low & ~ACCESS_FLAG, XN_HIGH)).toBe('mapping');
    expect(leafChange(low, XN_HIGH, low | 0x1000, XN_HIGH)).toBe('mapping');
    expect(leafChange(low, XN_HIGH, low, XN_HIGH | 1)).toBe('mapping');
  });
});
