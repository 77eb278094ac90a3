/** Stale reads and verdicts, per strategy and history. */
import type { RootContent } from 'mdast';
import { type Dimension, DIMENSIONS, okResults, staleReadsOf, varyingDimensions } from '../../cells.ts';
import { unexploredText, withVerdict } from '../../findings/stale.ts';
import { formatCount } from '../../format/count.ts';
import { formatRange } from '../../format/range.ts';
import { VERDICT_STATUSES } from '../../schema.ts';
import type { Cell, CellResult, OkResult, ResultDocument, Verdict } from '../../schema.ts';
import { settingColumns, settingValues } from '../setting-columns.ts';
import { code, foldedWhenLong, heading, link, paragraph, strong } from '../tree.ts';
import type { Inline } from '../tree.ts';

/** Stale reads and verdicts. A strategy that nobody has explored is named as that: no gain is read without its price. */
export function staleSection(document: ResultDocument): readonly RootContent[] {
  const hasVerdict = document.cells.some(({ verdict }) => verdict !== undefined);
  if (okResults(document).length === 0 && !hasVerdict) return [];
  const varying = new Set(varyingDimensions(document.cells.map(({ cell }) => cell)).map(({ key }) => key));
  // A verdict is of a kernel model and a machine too.
  const isTold = (key: keyof Cell): boolean =>
    (key === 'kernel' || key === 'profile') && hasVerdict && varying.has(key);
  const dimensions = DIMENSIONS.filter(({ key }) => key === 'strategy' || key === 'history' || isTold(key));
  const groups = groupsOf(document.cells, dimensions);
  const columns = [
    ...settingColumns(dimensions),
    { label: 'stale reads per cell', align: 'right' } as const,
    { label: 'verdict', align: 'left' } as const,
  ];
  const rows = groups.flatMap((results) => {
    const [first] = results;
    if (first === undefined) return [];
    const ok = results.filter((result): result is OkResult => result.status === 'ok');
    return [
      [
        ...settingValues(dimensions, first.cell),
        [formatRange(ok.map(staleReadsOf), formatCount)],
        verdictText(worst(results)),
      ],
    ];
  });
  return [
    heading(2, 'Stale reads and verdicts'),
    paragraph(
      'A stale read is a guest access that reaches memory whose last host write was never cleaned to the point of ',
      'coherency; every such access of a vCPU counts. ',
      ...(hasVerdict
        ? [
            'A verdict is of all interleavings of the landmark worlds with this history, under the kernel model of the ',
            'cell; which branches of a strategy they take was not judged. ',
            code('s2bench verify'),
            ' shows them, explores all the other worlds, and names what none of them took.',
            ...boundedSentence(document),
          ]
        : ['No verdict was asked for: ', code('--verify'), ' explores the strategies.']),
      withVerdict(document, 'unsafe').length > 0
        ? ' A strategy that is unsafe is marked in every table: its time is no gain.'
        : '',
    ),
    ...foldedWhenLong('Stale reads per strategy and history', { columns, rows }),
  ];
}

function groupsOf(cells: readonly CellResult[], dimensions: readonly Dimension[]): readonly (readonly CellResult[])[] {
  const keyOf = ({ cell }: CellResult): string => dimensions.map(({ key }) => String(cell[key])).join('\u0000');
  return [...Map.groupBy(cells, keyOf).values()];
}

/** How far explorations went that did not go all the way. */
function boundedSentence({ cells }: ResultDocument): readonly string[] {
  const bounds = new Set(cells.flatMap(({ verdict }) => verdict?.bounded?.mostStates ?? []));
  if (bounds.size === 0) return [];
  const most = [...bounds].map(formatCount).join(' or ');
  return [` An exploration went to ${most} states at most: where one met that bound, nothing was found that far.`];
}

/** The verdict that should worry a reader most. */
function worst(results: readonly CellResult[]): Verdict | undefined {
  const verdicts = results.flatMap(({ verdict }) => verdict ?? []);
  return VERDICT_STATUSES.map((status) => verdicts.find((verdict) => verdict.status === status)).find(
    (verdict) => verdict !== undefined,
  );
}

function verdictText(verdict: Verdict | undefined): readonly Inline[] {
  if (verdict === undefined || verdict.status === 'not-explored') return [unexploredText(verdict)];
  if (verdict.status === 'safe') return ['safe'];
  return [
    strong('unsafe'),
    ...(verdict.rule === undefined ? [] : [': ', code(verdict.rule)]),
    ...(verdict.counterexample === undefined ? [] : [' (', link(verdict.counterexample, 'counterexample'), ')']),
  ];
}
