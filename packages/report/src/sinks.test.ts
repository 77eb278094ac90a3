import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderChart } from './chart/chart.ts';
import { compareResults } from './compare/compare.ts';
import { renderComparisonMail } from './compare/mail.ts';
import { renderComparisonMarkdown } from './compare/markdown.ts';
import { renderComparisonTable } from './compare/terminal.ts';
import { renderProofPage } from './markdown/proof-page.ts';
import { renderReport } from './markdown/report.ts';
import { link, paragraph, root } from './markdown/tree.ts';
import { writeMarkdown } from './markdown/write.ts';
import { historyRow } from './publish/history.ts';
import { renderHistory } from './publish/history-page.ts';
import { renderReportIndex } from './publish/index-page.ts';
import { parseResultDocument } from './parse.ts';
import type { ResultDocument } from './schema.ts';
import { renderTable } from './table.ts';

const REPORT = new URL('../../../reports/thread-2021/results.json', import.meta.url);

/** A real result, every free text in it written by somebody who wants to harm. */
function hostile(evil: string): ResultDocument {
  const document = parseResultDocument(readFileSync(REPORT, 'utf8'), 'results.json');
  const rename = <T extends { readonly strategy: string }>(cell: T): T => ({
    ...cell,
    strategy: `${cell.strategy}${evil}`,
  });
  return {
    ...document,
    title: `title${evil}`,
    command: `s2bench run ${evil}`,
    tool: { ...document.tool, version: `1${evil}` },
    strategies: document.strategies.map((note) => ({
      ...note,
      name: `${note.name}${evil}`,
      summary: evil,
      source: evil,
    })),
    profiles: document.profiles.map((note) => ({ ...note, summary: evil })),
    comparisons: (document.comparisons ?? []).map(({ from, to, ...rest }) => ({
      ...rest,
      from: `${from}${evil}`,
      to: `${to}${evil}`,
      factor: `factor${evil}`,
    })),
    cells: document.cells.map((result, nth) =>
      nth % 7 === 0
        ? { cell: rename(result.cell), status: 'failed', reason: `reason${evil}` }
        : {
            ...result,
            cell: rename(result.cell),
            ...(result.verdict && { verdict: { ...result.verdict, counterexample: `javascript:alert(1)${evil}` } }),
          },
    ),
    counterexamples: (document.counterexamples ?? []).map((page) => ({
      ...rename(page),
      broken: page.broken.map((rule) => ({ ...rule, sentence: evil, world: evil, text: `${rule.text}${evil}` })),
    })),
  };
}

function everySink(document: ResultDocument): Record<string, string> {
  const plain = parseResultDocument(readFileSync(REPORT, 'utf8'), 'results.json');
  const comparison = compareResults({ name: 'a', document: plain }, { name: 'b', document });
  return {
    report: renderReport(document, { chartFile: 'chart.svg' }),
    page: (document.counterexamples ?? []).map(renderProofPage).join(''),
    index: renderReportIndex([{ name: 'a', document, hasHistory: true }]),
    history: renderHistory([historyRow(document, { commit: 'abc', modified: false })], document.title ?? ''),
    markdown: renderComparisonMarkdown([comparison]),
    mail: renderComparisonMail(comparison),
    comparison: renderComparisonTable(comparison, { columns: 120, color: false }),
    table: renderTable(document, { columns: 120, color: false }),
    chart: renderChart(document),
  };
}

describe('what a stranger has written', () => {
  it('reaches no sink raw: no control, no change of direction', () => {
    const sinks = everySink(hostile('\u001B]0;x\u0007\u009B2J\u202Eevil\u0000\u007F'));
    for (const [sink, text] of Object.entries(sinks)) {
      expect(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E]/.exec(text)?.[0], sink).toBeUndefined();
    }
  });

  it('begins no line of its own', () => {
    for (const [sink, text] of Object.entries(everySink(hostile('\r\n# FORGED\u2028# FORGED')))) {
      // The steps of a counterexample have lines, within a block of code.
      const outside = text.replace(/^(`{3,})text\n[\s\S]*?^\1$/gm, '');
      expect(/^.{0,20}# FORGED/m.exec(outside)?.[0] ?? '', sink).not.toMatch(/^\W*# FORGED/);
    }
  });

  it('is cut off before it fills a page', () => {
    const sinks = everySink({ ...hostile(''), title: 'x'.repeat(3 << 20) });
    for (const [sink, text] of Object.entries(sinks)) expect(text.length, sink).toBeLessThan(1 << 20);
  });

  it('leads nowhere but to pages', () => {
    const { report = '' } = everySink(hostile(''));
    expect(report).toContain('counterexample');
    expect(report).not.toContain('](javascript:');
    const write = (url: string): string => writeMarkdown(root([paragraph(link(url, 'x'))]));
    for (const url of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:x',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
    ])
      expect(write(url), url).toBe('[x](#)\n');
    expect(write('java\nscript:x')).toBe('[x](<java script:x>)\n');
    for (const url of ['https://example.org/a', 'counterexamples/a.md', '../README.md', '#part'])
      expect(write(url), url).toBe(`[x](${url})\n`);
  });
});
