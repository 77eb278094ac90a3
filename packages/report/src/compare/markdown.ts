/** Comparisons as GitHub's Markdown, for a pull request. */
import type { RootContent } from 'mdast';
import { printable } from '../printable.ts';
import { code, details, heading, list, paragraph, root, strong, table } from '../markdown/tree.ts';
import type { Inline, TableContent } from '../markdown/tree.ts';
import { capitalised } from '../markdown/words.ts';
import { writeMarkdown } from '../markdown/write.ts';
import type { Cell } from '../schema.ts';
import { isEqual } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { headlineOf, slightLine, verdictLine } from './headline.ts';
import type { Finding } from './headline.ts';
import { EXACT, cellName, cellRows, commonName, countLine, equalLine, hitsIn, namingDimensions } from './rows.ts';
import type { CellRows, Row } from './rows.ts';

/** Longest comment or description that GitHub takes, in characters. */
export const GITHUB_LIMIT = 65_536;

/** Changed cells that are in sight; the others are folded away. */
const CELLS_IN_SIGHT = 10;
/** Letters of a name, of a verdict or of a reason that are shown. */
const MAX_TEXT = 160;
/** Differences and thresholds that are listed. */
const MAX_ITEMS = 20;

/** How much of a comparison is shown. */
interface Extent {
  /** Changed cells, and cells that only one side has, of each comparison. */
  readonly cells: number;
  /** Comparisons; the rest is counted. */
  readonly comparisons: number;
}

/**
 * Comparisons for a pull request: what fails and what has changed most in sight, the rest folded away. What does not fit
 * into GitHub's limit is left out, the smallest changes first, and a line says how much.
 *
 * @param comparisons - one at least
 * @param limit - most characters
 */
export function renderComparisonMarkdown(comparisons: readonly ResultComparison[], limit = GITHUB_LIMIT): string {
  const largest = Math.max(0, ...comparisons.map(cellsOf));
  const fits = (extent: Extent): boolean => render(comparisons, extent).length <= limit;
  // A row has more than 16 characters: no need to try with more rows than could fit.
  const cells = mostThatFits(Math.min(largest, Math.ceil(limit / 16)), (count) =>
    fits({ cells: count, comparisons: comparisons.length }),
  );
  if (cells !== undefined) return render(comparisons, { cells, comparisons: comparisons.length });
  const shown = mostThatFits(comparisons.length, (count) => fits({ cells: 0, comparisons: count })) ?? 0;
  return render(comparisons, { cells: 0, comparisons: shown });
}

/** The headline of a comparison alone, as one paragraph after a name; empty where there is none. */
export function renderComparisonHeadline(unread: ResultComparison, name: string): string {
  const findings = headlineOf(printable(unread));
  if (findings.length === 0) return '';
  const parts = findings.flatMap((finding, at): readonly Inline[] => [
    at === 0 ? ': ' : '; ',
    ...findingInline(finding),
  ]);
  return writeMarkdown(root([paragraph(code(shortened(name)), ...parts, '.')])).trimEnd();
}

/** The most for which it is true, where it is true for all that is less; `undefined` where it is for nothing. */
function mostThatFits(most: number, fits: (count: number) => boolean): number | undefined {
  if (fits(most)) return most;
  if (!fits(0)) return undefined;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function cellsOf({ changed, onlyBase, onlyHead }: ResultComparison): number {
  return Math.max(changed.length, onlyBase.length, onlyHead.length);
}

function render(all: readonly ResultComparison[], extent: Extent): string {
  // What is equal is no news.
  const comparisons = [...all.filter((one) => !isEqual(one)), ...all.filter(isEqual)];
  const left = comparisons.length - extent.comparisons;
  return writeMarkdown(
    root([
      ...comparisons.slice(0, extent.comparisons).flatMap((comparison) => nodesOf(comparison, extent.cells)),
      ...(left > 0
        ? [paragraph(`${String(left)} more comparison${left === 1 ? '' : 's'} left out, for GitHub's limit.`)]
        : []),
    ]),
  );
}

function nodesOf(comparison: ResultComparison, most: number): readonly RootContent[] {
  if (isEqual(comparison)) return [paragraph(`${shortened(equalLine(comparison))}.`)];
  const { baseTitle, headTitle, onlyBase, onlyHead } = comparison;
  const all = cellRows(comparison);
  const cells = all.slice(0, most);
  const [verdict, slight] = [verdictLine(comparison), slightLine(comparison)];
  const [first, ...others] = headlineOf(comparison);
  const hits = cells.filter(({ isHit }) => isHit).length;
  // What fails is always in sight.
  const inSight = Math.max(CELLS_IN_SIGHT, Math.min(hits, 2 * CELLS_IN_SIGHT));
  const folded = cells.slice(inSight);
  const left = all.length - cells.length;
  return [
    ...(first === undefined ? [] : [paragraph(...findingInline(first), '.')]),
    heading(3, code(shortened(baseTitle)), ' → ', code(shortened(headTitle))),
    paragraph(`${capitalised(countLine(comparison))}.${verdict === '' ? '' : ` ${capitalised(shortened(verdict))}.`}`),
    ...items([
      ...others.map(findingInline),
      ...hitsIn(comparison).map(({ threshold, where }): readonly Inline[] => [
        strong('Failed'),
        ': ',
        code(threshold),
        ` ${where}`,
      ]),
      ...comparison.differences.map(({ text, isWarning }): readonly Inline[] =>
        isWarning ? [strong('Warning'), `: ${shortened(text)}`] : [shortened(text)],
      ),
    ]),
    ...(cells.length === 0
      ? []
      : [
          paragraph(`${shortened(commonName(comparison), 2 * MAX_TEXT)}. ${EXACT}`),
          table(tableOf(comparison, cells.slice(0, inSight))),
        ]),
    ...(folded.length === 0 ? [] : details(`${String(folded.length)} more cells`, table(tableOf(comparison, folded)))),
    ...(left > 0 ? [leftOut(left, 'changed')] : []),
    ...(slight === '' ? [] : [paragraph(`${slight}.`)]),
    ...onlyNodes(comparison, onlyBase, 'only in the base', most),
    ...onlyNodes(comparison, onlyHead, 'only in the other', most),
  ];
}

function items(all: readonly (readonly Inline[])[]): readonly RootContent[] {
  const shown = all.slice(0, MAX_ITEMS);
  const rest = all.length - shown.length;
  if (all.length === 0) return [];
  return [list(false, [...shown, ...(rest > 0 ? [[`and ${String(rest)} more`]] : [])])];
}

function onlyNodes(
  comparison: ResultComparison,
  cells: readonly Cell[],
  where: string,
  most: number,
): readonly RootContent[] {
  if (cells.length === 0) return [];
  const dimensions = namingDimensions(comparison);
  const shown = cells.slice(0, most);
  const left = cells.length - shown.length;
  return [
    ...(shown.length === 0
      ? []
      : details(
          `${String(shown.length)} ${where}`,
          list(
            false,
            shown.map((cell) => [shortened(cellName(cell, dimensions))]),
          ),
        )),
    ...(left > 0 ? [leftOut(left, where)] : []),
  ];
}

function leftOut(cells: number, what: string): RootContent {
  const noun = `cell${cells === 1 ? '' : 's'}`;
  return paragraph(`${String(cells)} more ${noun} ${what} left out, for GitHub's limit.`);
}

/** A finding, its word in bold. */
function findingInline({ tone, text }: Finding): readonly Inline[] {
  return tone === undefined ? [capitalised(shortened(text))] : [strong(capitalised(tone)), `: ${shortened(text)}`];
}

/** Five columns, whatever tells the cells apart: what a phone can show. */
function tableOf(comparison: ResultComparison, cells: readonly CellRows[]): TableContent {
  const dimensions = namingDimensions(comparison);
  return {
    columns: [
      { label: dimensions.map(({ label }) => label).join(', '), align: 'left' },
      { label: 'what', align: 'left' },
      { label: 'base', align: 'right' },
      { label: 'new', align: 'right' },
      { label: 'change', align: 'right' },
    ],
    rows: cells.flatMap(({ cell, rows, more }) => {
      const name = shortened(dimensions.map(({ show }) => show(cell)).join(', '));
      return [
        ...rows.map((row, index) => [[index === 0 ? name : ''], ...rowValues(row)]),
        ...(more === 0 ? [] : [[[''], [`and ${String(more)} more`], [''], [''], ['']]]),
      ];
    }),
  };
}

function rowValues({ name, from, to, change, tone, hits }: Row): readonly (readonly Inline[])[] {
  const effect = [change, tone ?? ''].filter((text) => text !== '').join(', ');
  return [
    [name],
    [shortened(from)],
    hits === '' || change !== '' ? [shortened(to)] : [strong(shortened(to))],
    hits === '' || effect === '' ? [effect] : [strong(effect)],
  ];
}

function shortened(text: string, most = MAX_TEXT): string {
  const letters = Array.from(text.replace(/[ \t\r\n]+/g, ' '));
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
}
