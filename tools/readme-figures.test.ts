/** The figures of README.md are those of the committed results: later work moves them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCount, formatTime, parseResultDocument, type OkResult } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { ROOT } from './scratch-clone.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = read('README.md').replaceAll(/\s+/g, ' ');
const document = parseResultDocument(read('reports/thread-2021/results.json'), 'reports/thread-2021/results.json');
const cells = document.cells.filter((result): result is OkResult => result.status === 'ok');

function adjusts(strategy: string): OkResult[] {
  return cells.filter(({ cell }) => cell.strategy === strategy);
}

function longestWindow(strategy: string): number {
  return Math.max(...adjusts(strategy).map(({ stages }) => stages['ADJUST']?.invalidWindow.longestNs ?? 0));
}

/** The published median, in seconds. */
function published({ published: figures }: OkResult): number | undefined {
  const seconds = figures?.find(({ stage }) => stage === 'ADJUST')?.seconds;
  return seconds === undefined ? undefined : [...seconds].sort((a, b) => a - b)[Math.floor(seconds.length / 2)];
}

describe('README.md', () => {
  it('says how much the patch of 2021 gains by the published medians', () => {
    const gains = adjusts('install-first-no-cmo').flatMap((result) => {
      const before = adjusts('baseline').find(
        ({ cell }) => cell.vcpus === result.cell.vcpus && cell.history === result.cell.history,
      );
      const [from, to] = [before && published(before), published(result)];
      return from === undefined || to === undefined ? [] : [Math.round((1 - to / from) * 100)];
    });
    expect(gains).toHaveLength(3);
    expect(readme).toContain(`Of the ${String(Math.min(...gains))}–${String(Math.max(...gains))} % that it gains`);
  });

  it('says how far the simulated times are from the published ones', () => {
    const errors = cells.flatMap((result) => {
      const median = published(result);
      const timeNs = result.stages['ADJUST']?.timeNs;
      return median === undefined || timeNs === undefined ? [] : [Math.abs(timeNs / 1e9 / median - 1) * 100];
    });
    expect(readme).toContain(`within ${Math.max(...errors).toFixed(1)} % of the published medians`);
  });

  it('says how many reads are stale, and that it is unsafe', () => {
    const reads = Math.max(...adjusts('install-first-no-cmo').map(({ stages }) => stages['ADJUST']?.staleReads ?? 0));
    expect(readme).toContain(`up to ${formatCount(reads).replaceAll('\u202F', ' ')} reads of a cell are stale`);
    expect(adjusts('install-first-no-cmo').every(({ verdict }) => verdict?.status === 'unsafe')).toBe(true);
  });

  it('says how long a page is out of reach', () => {
    expect(readme).toContain(`for ${formatTime(longestWindow('baseline'))} of each block in \`baseline\``);
  });

  it('says what cleaning the holes alone gains, and the window that is left', () => {
    const path = 'reports/clean-before-break/results.json';
    const results = parseResultDocument(read(path), path).cells.filter((result) => result.status === 'ok');
    const adjust = (strategy: string) =>
      results.find(
        ({ cell }) =>
          cell.strategy === strategy && cell.kernel === 'v5.12p1' && cell.vcpus === 20 && cell.granuleBytes === 2 ** 30,
      )?.stages['ADJUST'];
    const [before, holes, tables] = ['baseline', 'clean-holes', 'by-tables'].map(adjust);
    const gain = (after: typeof holes): string =>
      `${String(Math.round((1 - (after?.timeNs ?? 0) / (before?.timeNs ?? 0)) * 100))} %`;
    const windows = [holes, tables].map((stage) => formatTime(stage?.invalidWindow.longestNs ?? 0));
    expect(new Set(windows).size).toBe(1);
    expect(readme).toContain(
      `takes ${gain(holes)} less time in ADJUST than \`baseline\`, \`by-tables\` ${gain(tables)}, both with a window of ${windows[0] ?? ''}`,
    );
  });

  it('says what collapsing tables at the log stop takes, and what a zap costs', () => {
    const path = 'reports/log-stop/results.json';
    const results = parseResultDocument(read(path), path).cells.filter((result) => result.status === 'ok');
    const stop = (logStop: string | undefined) =>
      results.find(({ cell }) => cell.logStop === logStop && cell.vcpus === 32 && cell.profile === 'kunpeng920')
        ?.stages['LOG_OFF'];
    const [nothing, collapse, zap] = [undefined, 'recover-collapse', 'recover-zap'].map(stop);
    const ratio = (stage: typeof zap): number => (stage?.timeNs ?? 0) / (nothing?.timeNs ?? 0);
    const ioctlNs = collapse?.host?.tasks['log-off']?.totalNs ?? 0;
    expect(readme).toContain(
      `takes ${(ioctlNs / 1e6).toFixed(1)} ms for 4 GiB beside 32 vCPUs under v6.12, which then run ${String(Math.round((1 - ratio(collapse)) * 100))} % shorter`,
    );
    expect(ratio(zap)).toBeCloseTo(2, 1);
  });
});
