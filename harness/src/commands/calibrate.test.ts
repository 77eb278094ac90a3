import { describe, expect, it } from 'vitest';
import { runCalibrate } from './calibrate.ts';

describe('s2bench calibrate', () => {
  it('names the studies that have a calibration where it is asked for another', async () => {
    await expect(runCalibrate({ study: 'rwlock' })).rejects.toThrow(
      /^--study rwlock: unknown study with a calibration; did you mean rwlock-2022\?/,
    );
    await expect(runCalibrate({ study: 'clean-before-break' })).rejects.toThrow(/^--study clean-before-break: unknown/);
  });
});
