import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../scratch-clone.ts';
import { BUDGET_MS, EXCEPTIONS, overBudget } from './budget.ts';

it('a file over its budget is named, with both figures', () => {
  const exceptions = { 'large.test.ts': { ms: 20_000, why: 'large' } };
  expect(overBudget({ 'a.test.ts': BUDGET_MS, 'large.test.ts': 20_000 }, exceptions)).toEqual([]);
  expect(overBudget({ 'a.test.ts': BUDGET_MS + 100, 'large.test.ts': 20_100 }, exceptions)).toEqual([
    expect.stringMatching(/^a\.test\.ts: 15\.1 s of processor time, 15\.0 s at most; /),
    expect.stringMatching(/^large\.test\.ts: 20\.1 s of processor time, 20\.0 s at most; /),
  ]);
});

it('an exception that no test needs any more is named', () => {
  expect(overBudget({}, { 'gone.test.ts': { ms: 20_000, why: 'large' } })).toEqual([
    expect.stringContaining('gone.test.ts: has an exception'),
  ]);
  for (const [file, { ms }] of Object.entries(EXCEPTIONS)) {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(ms).toBeGreaterThan(BUDGET_MS);
  }
});
