/** The files of a report. */
import { renderChart, renderReport, type ResultDocument } from '@s2bench/report';

const CHART_FILE = 'chart.svg';

/** Name to content of the files that a document is published as. */
export function reportFiles(document: ResultDocument): Map<string, string> {
  return new Map([
    ['README.md', renderReport(document, { chartFile: CHART_FILE })],
    [CHART_FILE, renderChart(document)],
    ['results.json', documentText(document)],
  ]);
}

/** A document as text: what `--json` prints and `results.json` holds. */
export function documentText(document: ResultDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
