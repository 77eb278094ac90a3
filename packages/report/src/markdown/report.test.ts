import { describe, expect, it } from 'vitest';
import {
  adjustResult,
  documentOf,
  okResult,
  threadCell,
  threadCells,
  threadDocument,
} from '../../test/thread-fixture.ts';
import { largestErrorPercent, publishedRows } from '../findings/published.ts';
import { findSplits, rowsToSummarise } from '../findings/split.ts';
import { GROUP_SEPARATOR } from '../format/count.ts';
import { formatTime } from '../format/time.ts';
import { formatPercent, formatPercentRange } from '../format/percent.ts';
import type { CellResult, ResultDocument } from '../schema.ts';
import { renderReport } from './report.ts';

/** The text between a heading and the next of its depth. */
function section(markdown: string, title: string): string {
  const at = markdown.indexOf(`## ${title}\n`);
  if (at < 0) throw new Error(`no section ${title}`);
  const end = markdown.indexOf('\n## ', at + 1);
  return markdown.slice(at, end < 0 ? undefined : end);
}

function headings(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^## (.*)$/gm)].map((match) => match[1] ?? '');
}

/** The first paragraph, on one line. */
function firstParagraph(markdown: string): string {
  return (markdown.split('\n\n')[1] ?? '').replaceAll('\n', ' ');
}

function bold(text: string): readonly string[] {
  return [...text.matchAll(/\*\*(.+?)\*\*/g)].map((match) => match[1] ?? '');
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

describe('the report of the thread', () => {
  const document = threadDocument();
  const markdown = renderReport(document, { chartFile: 'chart.svg' });

  it('stays as it is', async () => {
    await expect(markdown).toMatchFileSnapshot('../../test/thread-report.snapshot.md');
  });

  it('is the same for the same document, whatever was rendered between', () => {
    renderReport(documentOf([okResult(threadCell())]));
    expect(renderReport(structuredClone(document), { chartFile: 'chart.svg' })).toBe(markdown);
  });

  it('has its sections in the order of reading', () => {
    expect(headings(markdown)).toEqual([
      'Predicted against published',
      'How the published 83–89 % splits',
      'Simulated time',
      'Invalid window and vCPU stall',
      'Stale reads and verdicts',
      'What the full-population check would have done',
      'Faults, TLBIs, cleaned bytes and lock wait',
      'What was calibrated, assumed and extrapolated',
      'How to reproduce it',
    ]);
  });

  it('says first what was found, in six numbers that the results give', () => {
    const [split] = findSplits(document);
    const rows = split === undefined ? [] : rowsToSummarise(split);
    const gains = rows.flatMap(({ publishedGainPercent }) => publishedGainPercent ?? []);
    const shares = rows.flatMap(({ parts }) => parts[1]?.sharePercent ?? []);
    const windowsNs = threadCells().map(({ stages }) => stages['ADJUST']?.invalidWindow.longestNs ?? 0);
    expect(bold(firstParagraph(markdown))).toEqual([
      formatPercent(largestErrorPercent(publishedRows(document))),
      formatPercentRange(Math.min(...gains), Math.max(...gains)),
      formatPercentRange(Math.min(...shares), Math.max(...shares)),
      formatTime(Math.max(...windowsNs)),
      formatTime(Math.min(...windowsNs)),
      `1${GROUP_SEPARATOR}200${GROUP_SEPARATOR}000`,
    ]);
    expect(firstParagraph(markdown)).toContain(`, 54${GROUP_SEPARATOR}000× shorter.`);
    expect(firstParagraph(markdown)).toContain('of that gain is the missing clean; the rest is the order of install.');
    expect(firstParagraph(markdown)).toContain('`install-first-no-cmo` under `logging-first` reads stale data');
    expect(firstParagraph(markdown)).toContain('what another tenant left there');
  });

  it('changes its first paragraph with the results', () => {
    const slower = documentOf(
      threadCells().map((result) => {
        const stage = adjustResult(result.cell);
        const factor = result.cell.strategy === 'baseline' ? 2 : 1;
        return { ...result, stages: { ADJUST: { ...stage, timeNs: stage.timeNs * factor, staleReads: 0 } } };
      }),
    );
    const [error, , share, , , stale] = bold(firstParagraph(renderReport(slower)));
    expect(error).toBe(formatPercent(largestErrorPercent(publishedRows(slower))));
    expect(error).toMatch(/^100/);
    expect(share).toMatch(/^5\d–5\d %$/);
    expect(stale).toBe('0');
    expect(firstParagraph(renderReport(slower))).not.toContain('tenant');
    expect(firstParagraph(renderReport(slower))).toContain('of that gain is the order of install');
  });

  it('says that a part gives nothing where it is shown as nothing, and why that is so in this workload', () => {
    const cells = threadCells().map((result) => {
      const stage = adjustResult(result.cell);
      const timeNs = adjustResult({ ...result.cell, strategy: 'install-first-uniform-cmo' }).timeNs + 120;
      return result.cell.strategy === 'baseline' ? { ...result, stages: { ADJUST: { ...stage, timeNs } } } : result;
    });
    const because = 'every vCPU waits';
    const explained = (workload: string) => {
      const [first, ...others] = documentOf(cells).comparisons ?? [];
      const comparisons = first === undefined ? [] : [{ ...first, whereNothing: { workload, because } }, ...others];
      return renderReport(documentOf(cells, { comparisons }));
    };
    const text = explained('page-table-test');
    expect(firstParagraph(text)).toContain(
      '**100 %** of that gain is the missing clean, and the order of install gives none of it in this workload.',
    );
    expect(text.replaceAll('\n', ' ')).toContain(
      'The order of install alone leaves the time of ADJUST as it is (but for 120 ns) and the missing clean alone saves ',
    );
    expect(text.replaceAll('\n', ' ')).toContain(
      'and no property of the order of install: in `page-table-test` every vCPU waits.',
    );
    expect(explained('another')).not.toContain(because);
  });

  it('says so where a part of the gain costs time', () => {
    const cells = threadCells().map((result) => {
      const stage = adjustResult(result.cell);
      const factor = result.cell.strategy === 'install-first-uniform-cmo' ? 1.1 : 1;
      return { ...result, stages: { ADJUST: { ...stage, timeNs: stage.timeNs * factor } } };
    });
    const text = renderReport(documentOf(cells)).replaceAll('\n', ' ');
    expect(text).toContain(
      'of that gain is the missing clean, and the order of install gives none of it in this workload.',
    );
    expect(text).toContain(
      'The order of install alone costs 10 % of the time of ADJUST and the missing clean alone saves ',
    );
  });

  it('never puts simulated and published times into one column', () => {
    const [head, , ...rows] = rowsOf(section(markdown, 'Predicted against published'));
    expect(head).toEqual(['strategy', 'vCPUs', 'published s (median of 5)', 'simulated s', 'error']);
    expect(rows).toHaveLength(6);
    expect(rows[0]?.slice(2, 4)).toEqual(['2.882', '2.882']);
    const [splitHead] = rowsOf(section(markdown, 'How the published 83–89 % splits'));
    expect(splitHead?.slice(2)).toEqual(['order of install', 'missing clean', 'gain, simulated', 'gain, published']);
  });

  it('says that nobody has published windows', () => {
    const text = section(markdown, 'Invalid window and vCPU stall');
    expect(text).toContain('Nobody has published them');
    expect(
      rowsOf(text)
        .find((row) => row[0] === '`install-first-no-cmo`')
        ?.slice(2),
    ).toEqual(['2.40 µs', '2.40 µs', '2.40 µs']);
  });

  it('says what the alternative would have done', () => {
    const text = section(markdown, 'What the full-population check would have done').replaceAll('\n', ' ');
    expect(text).toContain('It cleans exactly as many bytes in all six settings: it saves no clean in any of them.');
    expect(text).toContain('60.0 µs to 6.00 ms (0.0019–0.21 %) longer');
  });

  it('gives every cost with its provenance and source, and every residual', () => {
    const text = section(markdown, 'What was calibrated, assumed and extrapolated');
    for (const cost of document.profiles[0]?.costs ?? []) {
      const row = rowsOf(text).find(([name]) => name === `\`${cost.name}\``);
      expect(row?.[3]).toBe(cost.provenance);
      expect(text).toContain(`${String(row?.[4])}. ${cost.source}\n`);
    }
    expect(text).toContain('the largest residual is −0.77 %');
    expect(text).toContain('Nothing was extrapolated');
  });

  it('keeps prose within the width of a terminal, and folds long tables away', () => {
    const prose = markdown.split('\n').filter((line) => !/^(\||#|!|<)/.test(line));
    expect(prose.filter((line) => line.length > 100)).toEqual([]);
    const open = markdown.replace(/<details>[\s\S]*?<\/details>/g, '');
    const longest = open.split('\n\n').map((block) => rowsOf(block).length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(16);
    expect(Math.max(...open.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('aligns its tables', () => {
    for (const block of markdown.split('\n\n').filter((text) => text.startsWith('|'))) {
      const widths = new Set(
        block
          .trim()
          .split('\n')
          .map((line) => Array.from(line).length),
      );
      expect(widths.size).toBe(1);
    }
  });
});

describe('the report of other documents', () => {
  const bare = (cells: readonly CellResult[], change: Partial<ResultDocument> = {}): string =>
    renderReport(documentOf(cells, change));

  it('of one cell without figures says what was found and leaves out what there is not', () => {
    const { published: _, ...result } = okResult(threadCell());
    const markdown = bare([result], { comparisons: [], profiles: [] });
    expect(headings(markdown)).toEqual([
      'Invalid window and vCPU stall',
      'Stale reads and verdicts',
      'Faults, TLBIs, cleaned bytes and lock wait',
      'What was calibrated, assumed and extrapolated',
      'How to reproduce it',
    ]);
    expect(firstParagraph(markdown)).toBe(
      'ADJUST of `baseline` takes **2.88 s** of simulated time. The longest time that an entry is invalid is ' +
        '**130 ms**. There are **0** stale reads.',
    );
    expect(markdown).toContain('The cell: ');
    expect(markdown).not.toContain('![');
  });

  it('names the fastest and the slowest cell where no comparison is declared', () => {
    const cells = threadCells().map(({ published: _, ...result }) => result);
    const text = firstParagraph(bare(cells, { comparisons: [] }));
    expect(text).toContain('from **302 ms** (`install-first-no-cmo`, 20 vCPUs, `block-first`)');
    expect(text).toContain('to **3.11 s** (`full-population-check`, 60 vCPUs, `block-first`)');
  });

  it('of all the stages shows each', () => {
    const results = threadCells().map((result) => {
      const stage = adjustResult(result.cell);
      return { ...result, stages: { CREATE: { ...stage, timeNs: 3.7e9 }, UPDATE: stage, ADJUST: stage } };
    });
    const text = bare(results);
    expect(text).toContain('<summary>Simulated time of CREATE</summary>');
    expect(text).toContain('<summary>UPDATE: memory and lock</summary>');
    expect(section(text, 'Simulated time')).toContain('3.70 s');
  });

  it('lists what was skipped and what failed', () => {
    const markdown = bare([
      okResult(threadCell()),
      { cell: threadCell({ vcpus: 40 }), status: 'failed', reason: 'baseline:\n  tablePre threw | "x"' },
      { cell: threadCell({ vcpus: 60 }), status: 'skipped', reason: 'no 1 GiB blocks with 64 KiB pages' },
    ]);
    expect(firstParagraph(markdown)).toContain('One cell failed, one cell was skipped.');
    const text = section(markdown, 'Cells that were not simulated');
    expect(text).toContain('baseline: tablePre threw \\| "x"');
    expect(text).toContain('- one cell skipped, no 1 GiB blocks with 64 KiB pages: strategy `baseline`; vCPUs 60; ');
  });

  it('says the reason of a corner once, and where it is', () => {
    const reason = 'no 1 GiB blocks with 64 KiB pages';
    const corner = [20, 40, 60].flatMap((vcpus) =>
      [4096, 65536].map((pageSizeBytes): CellResult => ({
        cell: threadCell({ vcpus, pageSizeBytes }),
        status: 'skipped',
        reason,
      })),
    );
    const text = section(bare([okResult(threadCell()), ...corner]), 'Cells that were not simulated');
    expect(text.split(reason)).toHaveLength(2);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('- six cells skipped, no 1 GiB blocks');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('vCPUs 20, 40, 60; ');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('pages 4 KiB, 64 KiB');
  });

  it('of failures alone says so', () => {
    const markdown = bare([{ cell: threadCell(), status: 'failed', reason: 'stopped after 10 s' }]);
    expect(firstParagraph(markdown)).toBe('No cell was simulated. One cell failed.');
    expect(headings(markdown)).toEqual(['Cells that were not simulated', 'How to reproduce it']);
  });

  it('of nothing is still a report', () => {
    expect(firstParagraph(bare([]))).toBe('No cell was simulated.');
  });

  it('marks what was extrapolated, with its bound', () => {
    const stage = { ...adjustResult(threadCell()), extrapolated: true, sampledFraction: 0.05, errorBound: 0.012 };
    const text = section(
      bare([{ ...okResult(threadCell()), stages: { ADJUST: stage } }]),
      'What was calibrated, assumed and extrapolated',
    );
    expect(text.replaceAll('\n', ' ')).toContain('One stage was simulated in part and extrapolated from that');
    expect(text).toMatch(/\| ADJUST \| +5\.0 % \| +± 1\.2 % \|/);
  });

  it('says which assumed costs the results lean on', () => {
    const stage = { ...adjustResult(threadCell()), chargedNs: { exit: 3, cleanLine: 97 } };
    const text = bare([{ ...okResult(threadCell()), stages: { ADJUST: stage } }]).replaceAll('\n', ' ');
    expect(text).toContain('Assumed costs make up 3.0 % of the time charged in all cells: `exit` 3.0 %.');
    const { chargedNs: _, ...silent } = stage;
    const without = bare([{ ...okResult(threadCell()), stages: { ADJUST: silent } }]).replaceAll('\n', ' ');
    expect(without).toContain('The results may lean on the assumed ones: `descriptorRead` and `exit`.');
    const measured = { ...stage, chargedNs: { exit: 0, tlbiVmid: 1 } };
    const none = bare([{ ...okResult(threadCell()), stages: { ADJUST: measured } }]).replaceAll('\n', ' ');
    expect(none).toContain('No time was charged to an assumed cost: the results lean on none.');
  });

  it('says of each figure by how much it leans on assumed costs', () => {
    const cells = ['baseline', 'install-first-no-cmo'].map((strategy, index) => {
      const chargedNs = { cleanLine: 880 - index * 800, descriptorRead: 100, exit: 20 };
      const stage = { ...adjustResult(threadCell()), timeNs: 1000, chargedNs };
      return { ...okResult(threadCell({ strategy })), stages: { ADJUST: stage } };
    });
    const text = section(bare(cells), 'What was calibrated, assumed and extrapolated');
    const names = new Set(['strategy', ...cells.map(({ cell }) => `\`${cell.strategy}\``)]);
    expect(rowsOf(text).filter(([name = '']) => names.has(name))).toEqual([
      ['strategy', 'assumed', 'of ADJUST, at most', 'descriptorRead', 'exit'],
      ['`baseline`', '12 %', '12 %', '10 %', '2.0 %'],
      ['`install-first-no-cmo`', '60 %', '12 %', '50 %', '10 %'],
    ]);
  });

  it('says of each comparison by how much what differs is assumed', () => {
    const costsOf: Record<string, Record<string, number>> = {
      baseline: { cleanLine: 100, exit: 10 },
      'install-first-uniform-cmo': { cleanLine: 100, exit: 10 },
      'install-first-no-cmo': { exit: 10 },
      'full-population-check': { cleanLine: 104, descriptorRead: 12, exit: 10 },
    };
    const cells = Object.entries(costsOf).map(([strategy, chargedNs]) => {
      const cell = threadCell({ strategy });
      return { ...okResult(cell), stages: { ADJUST: { ...adjustResult(cell), chargedNs } } };
    });
    const text = section(bare(cells), 'What was calibrated, assumed and extrapolated').replaceAll(/\n +/g, ' ');
    expect(text).toContain('- `baseline` to `install-first-uniform-cmo`, in ADJUST: nothing is charged otherwise.\n');
    expect(text).toContain('- `install-first-uniform-cmo` to `install-first-no-cmo`, in ADJUST: 0 %.\n');
    expect(text).toContain(
      '- `install-first-uniform-cmo` to `full-population-check`, in ADJUST: 75 % (`descriptorRead` 75 %).\n',
    );
  });

  it('shows verdicts, and marks an unsafe cell in every table that names its strategy', () => {
    const cells = threadCells().map((result): CellResult => {
      const { strategy, history } = result.cell;
      if (strategy === 'baseline') return result;
      const unsafe = strategy === 'install-first-no-cmo' && history === 'logging-first';
      return unsafe
        ? { ...result, verdict: { status: 'unsafe', rule: 'stale-read', counterexample: 'proof/a.json' } }
        : { ...result, verdict: { status: 'safe' } };
    });
    const markdown = bare(cells);
    const text = section(markdown, 'Stale reads and verdicts');
    expect(text).toContain('**unsafe**: `stale-read` ([counterexample](proof/a.json))');
    const verdicts = rowsOf(text).map((row) => row[3]);
    expect(verdicts.filter((verdict) => verdict === 'not explored')).toHaveLength(2);
    expect(verdicts.filter((verdict) => verdict === 'safe')).toHaveLength(5);
    expect(firstParagraph(markdown)).toContain('`install-first-no-cmo` under `logging-first` is unsafe');
    const marked = rowsOf(section(markdown, 'Simulated time')).filter(([name]) => name?.includes('**unsafe**'));
    expect(marked).toHaveLength(1);
    expect(marked[0]?.[1]).toBe('`logging-first`');
  });

  it('escapes what would be Markdown', () => {
    const markdown = bare([okResult(threadCell())], { title: 'a *b* <c> | d' });
    expect(markdown.split('\n')[0]).toBe('# a \\*b\\* \\<c> | d');
  });
});
