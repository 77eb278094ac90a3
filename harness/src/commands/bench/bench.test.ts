import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { strategyPath } from '../../../test/fixtures/program.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { type BenchFlags, bench } from './run.ts';

async function run(flags: Partial<BenchFlags>): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  expect(await bench({ time: '1', ...flags }, stdout)).toBe(0);
  return text;
}

describe('s2bench bench', () => {
  it('prints a table with a line a benchmark, and the ratios of what was measured', async () => {
    const lines = (await run({ filter: 'yardstick|^map 1 GiB' })).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^nanoseconds a leaf +best +median +p99 +x yardstick +runs$/);
    expect(lines[1]).toMatch(/^yardstick: write descriptors of 1 GiB +\d+\.\d+/);
    expect(lines[2]).toMatch(/^map 1 GiB page by page +\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +\d+$/);
    expect(lines.at(-1)).toMatch(/^page by page \/ in one call +\d+\.\d+$/);
  });

  it('prints JSON with every strategy', async () => {
    const document = JSON.parse(await run({ filter: 'half-populated', json: true })) as {
      measurements: { name: string; leaves: number; bestNs: number; medianNs: number }[];
      ratios: unknown[];
    };
    const names = document.measurements.map(({ name }) => name);
    expect(names[0]).toBe('coalesce a half-populated 1 GiB: baseline');
    expect(names).toContain('coalesce a half-populated 1 GiB: full-population-check');
    for (const { leaves, bestNs, medianNs } of document.measurements) {
      expect(leaves).toBe(262_144);
      expect(bestNs).toBeGreaterThan(0);
      expect(medianNs).toBeGreaterThanOrEqual(bestNs);
    }
    expect(document.ratios).toEqual([]);
  });

  it('measures the strategies that are named, with their options', async () => {
    const options = `${strategyPath('flushes-often')}?flushes=3,4`;
    const document = JSON.parse(
      await run({ filter: 'half-populated', json: true, strategy: ['baseline', options] }),
    ) as {
      measurements: { name: string }[];
    };
    expect(document.measurements.map(({ name }) => name.replace(/.*: /, ''))).toEqual([
      'baseline',
      'flushes-often?flushes=3',
      'flushes-often?flushes=4',
    ]);
  });

  it.each<[string, Partial<BenchFlags>, string]>([
    [
      'a strategy that there is not',
      { strategy: ['basline'] },
      '--strategy basline: unknown strategy; did you mean baseline?',
    ],
    ['a filter that is no regular expression', { filter: '(' }, '--filter (: Invalid regular expression'],
    [
      'a filter that matches nothing',
      { filter: 'nothing such' },
      '--filter nothing such: matches no benchmark; there are "yardstick',
    ],
    ['a time that is no number', { time: 'long' }, '--time long: must be a whole number'],
  ])('refuses %s', async (_, flags, message) => {
    const refusal = run(flags);
    await expect(refusal).rejects.toThrow(UsageError);
    await expect(refusal).rejects.toThrow(message);
  });
});
