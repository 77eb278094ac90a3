/**
 * A letter to a mailing list, from a template: each figure in it is looked up in the results. In braces stands a call:
 *
 * - `{time|window|cleaned STRATEGY KERNEL VCPUS GRANULE}`: a figure of one cell
 * - `{change STRATEGY STRATEGY KERNEL VCPUS GRANULE}`: how much more time the second takes than the first
 * - `{table}`, `{skipped}`, `{verdicts}`, `{profiles}`, `{command}`: of all cells
 */
import { ascii } from '../ascii.ts';
import { okResults } from '../cells.ts';
import { MAIL_COLUMNS } from '../compare/mail.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatSignedPercent } from '../format/percent.ts';
import { formatTime } from '../format/time.ts';
import { printable } from '../printable.ts';
import type { OkResult, ResultDocument, StageResult } from '../schema.ts';
import { PROVENANCES } from '../schema.ts';
import { breakLines } from '../text/lines.ts';

const CALL = /\{([^{}]+)\}/g;
const INDENT = '  ';

const FIGURES: Readonly<Record<string, (stage: StageResult) => string>> = {
  time: ({ timeNs }) => formatTime(timeNs),
  window: ({ invalidWindow }) => formatTime(invalidWindow.longestNs),
  cleaned: ({ cleanedBytes }) => gibibytes(cleanedBytes),
};

/**
 * The letter: ASCII in 72 columns. A paragraph of the template is one that is wrapped again; what `{table}` stands for is not.
 *
 * @throws RangeError of one line where the template asks for what the results do not have
 */
export function renderLetter(unread: ResultDocument, template: string): string {
  const document = printable(unread);
  const paragraphs = template.trim().split(/\n\s*\n/);
  const blocks = paragraphs.map((paragraph) => {
    const text = paragraph.replaceAll(/\s*\n\s*/g, ' ').trim();
    if (text === '{table}') return tableOf(document);
    if (text === '{command}') return [`${INDENT}${ascii(`npx ${document.command}`)}`];
    return breakLines(ascii(text.replaceAll(CALL, (_, call: string) => answer(document, call))), MAIL_COLUMNS);
  });
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function answer(document: ResultDocument, call: string): string {
  const [what = '', ...words] = call.split(' ');
  if (what === 'change') {
    const [from = '', to = '', ...setting] = words;
    const [before, after] = [from, to].map((name) => stageOf(document, [name, ...setting], call).timeNs);
    return formatSignedPercent(((after ?? 0) / (before ?? 1) - 1) * 100);
  }
  if (what === 'skipped') return skippedText(document);
  if (what === 'verdicts') return verdictsText(document);
  if (what === 'profiles') return profilesText(document);
  const figure = FIGURES[what];
  if (figure === undefined) throw new RangeError(`a letter asks for {${call}}: no such figure`);
  return figure(stageOf(document, words, call));
}

function stageOf(document: ResultDocument, words: readonly string[], call: string): StageResult {
  const [strategy, kernel, vcpus, granule] = words;
  const found = okResults(document).filter(
    ({ cell }) =>
      cell.strategy === strategy &&
      cell.kernel === kernel &&
      String(cell.vcpus) === vcpus &&
      blockName(cell.granuleBytes) === granule,
  );
  const stage = found[0]?.stages['ADJUST'];
  if (found.length !== 1 || stage === undefined)
    throw new RangeError(
      `a letter asks for {${call}}: ${String(found.length)} cells with ADJUST are so, one is needed`,
    );
  return stage;
}

function tableOf(document: ResultDocument): readonly string[] {
  const rows = okResults(document).flatMap(({ cell, stages: { ADJUST: stage } }): readonly (readonly string[])[] =>
    stage === undefined
      ? []
      : [
          [
            cell.kernel,
            cell.strategy,
            String(cell.vcpus),
            blockName(cell.granuleBytes),
            formatTime(stage.timeNs),
            formatTime(stage.invalidWindow.longestNs),
            gibibytes(stage.cleanedBytes),
          ],
        ],
  );
  const all = [['kernel', 'strategy', 'vCPUs', 'block', 'ADJUST', 'window', 'cleaned'], ...byKernel(rows)].map((row) =>
    row.map(ascii),
  );
  const widths = all[0]?.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((text, at) => (at < 2 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join(' ')
      .trimEnd(),
  );
}

/** Cells of one kernel model below one another, in the order of the document. */
function byKernel(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...Map.groupBy(rows, ([kernel]) => kernel).values()].flat();
}

/** As on the command line: `2M`. */
function blockName(sizeBytes: number): string {
  return formatBytes(sizeBytes).replace(/ (\w)iB$/, '$1');
}

function gibibytes(sizeBytes: number): string {
  return `${(sizeBytes / 2 ** 30).toFixed(1)} GiB`;
}

function skippedText({ cells }: ResultDocument): string {
  const reasons = Map.groupBy(
    cells.filter((result) => result.status === 'skipped'),
    ({ reason }) => reason,
  );
  if (reasons.size === 0) return 'Every cell of the matrix was simulated.';
  return [...reasons].map(([reason, { length }]) => `${String(length)} cells were skipped: ${reason}.`).join(' ');
}

function verdictsText(document: ResultDocument): string {
  const statuses = Map.groupBy(okResults(document), ({ verdict }) => verdict?.status ?? 'not-explored');
  const namesOf = (results: readonly OkResult[]): string =>
    [...new Set(results.map(({ cell }) => `${cell.strategy} (${cell.kernel})`))].join(', ');
  return [...statuses]
    .map(([status, results]) =>
      status === 'not-explored'
        ? 'This run has explored no world of: ' + namesOf(results)
        : `${status}: ${namesOf(results)}`,
    )
    .join('. ');
}

function profilesText({ profiles }: ResultDocument): string {
  return profiles
    .map(({ name, costs, hash }) => {
      const counts = PROVENANCES.map(
        (kind) => `${String(costs.filter(({ provenance }) => provenance === kind).length)} ${kind}`,
      );
      return `${name}${hash === null ? '' : ` (${hash.slice(0, 12)})`}, of whose ${String(costs.length)} costs ${counts.join(', ')}`;
    })
    .join('; ');
}
