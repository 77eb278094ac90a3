/** The files of a result. */
import { renderChart, renderProofPage, renderReport, type ResultDocument } from '@s2bench/report';
import { shardFile } from '../options/values.ts';

const CHART_FILE = 'chart.svg';

/** Name to content of the files that a document is published as: a report, or what `s2bench merge` makes it of. */
export function reportFiles(document: ResultDocument): Map<string, string> {
  if (document.shard !== undefined) return new Map([[shardFile(document.shard), documentText(document)]]);
  return new Map([
    ['README.md', renderReport(document, { chartFile: CHART_FILE })],
    [CHART_FILE, renderChart(document)],
    ['results.json', documentText(document)],
    ...(document.counterexamples ?? []).map((page) => [page.file, renderProofPage(page)] as const),
  ]);
}

/** A document as text: what `--json` prints and `results.json` holds. */
export function documentText(document: ResultDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
