/** That a sample of a workload bounds what its figures are off by. */
import { expect, it } from 'vitest';
import { MIB, simulate, stageOf, SUBJECTS } from './fixtures/workload-cell.ts';

// Accesses that are drawn are a sample of one another only where enough of them do the same.
it.each([
  ['dirty-log-perf?write-percent=40&iterations=1&manual-protect=off', 'DIRTY1', false],
  ['dirty-log-perf?manual-protect=off', 'DIRTY1', true],
  ['teardown?mapped=pages', 'UPDATE', true],
  ['spread?accesses=20&populated=90', 'UPDATE', true],
  ['spread?accesses=20&working-set=64', 'SPREAD', false],
  ['migration?rounds=1&dirty-mib=2000&manual-protect=off', 'ROUND1', true],
])('a sample of %s bounds its error in %s', (name, stage, isExtrapolated) => {
  const memory = { memoryBytes: name.startsWith('dirty-log-perf') ? 32 * MIB : 128 * MIB };
  for (const subject of SUBJECTS) {
    const exact = stageOf(simulate(subject, name, memory), stage);
    const sampled = stageOf(simulate(subject, name, { ...memory, faultBudget: 600 }), stage);
    expect(sampled.extrapolated, subject[0]).toBe(isExtrapolated);
    const error = Math.abs(sampled.timeNs / exact.timeNs - 1);
    expect(error, `${subject[0]} is off by ${error}`).toBeLessThanOrEqual((sampled.errorBound ?? 0) + 1e-9);
  }
});
