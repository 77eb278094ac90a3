/** The whole page, as the commands that stand on it say it now: minutes on two cores. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PART_NAMES, verdictsPage } from './page.ts';
import { documentsOf, PAGE } from './write.ts';

describe.runIf(process.env['S2BENCH_LONG'] === '1')('reports/verdicts.md', () => {
  it('is what npm run verdicts writes', { timeout: 3_600_000 }, () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(
      verdictsPage(Object.fromEntries(PART_NAMES.map((name) => [name, documentsOf(name)]))),
    );
  });
});
