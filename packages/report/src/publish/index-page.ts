/** The list of the published reports. */
import type { RootContent } from 'mdast';
import { code, heading, link, list, paragraph, root, strong } from '../markdown/tree.ts';
import type { Inline } from '../markdown/tree.ts';
import { summarySection } from '../markdown/sections/summary.ts';
import { capitalised, counted, enumerate } from '../markdown/words.ts';
import { writeMarkdown } from '../markdown/write.ts';
import { type Dimension, varyingDimensions } from '../cells.ts';
import { unexploredText } from '../findings/stale.ts';
import type { CellResult, ResultDocument } from '../schema.ts';
import { VERDICT_STATUSES } from '../schema.ts';

/** A report, by the name of its folder. */
export interface PublishedReport {
  readonly name: string;
  readonly document: ResultDocument;
  /** Whether there is a history beside it. */
  readonly hasHistory: boolean;
}

/** The list, with what each report found. Nothing in it depends on the day on which it is made. */
export function renderReportIndex(reports: readonly PublishedReport[]): string {
  return writeMarkdown(
    root([
      heading(1, 'Reports'),
      paragraph(
        `${capitalised(counted(reports.length, 'published report'))}. Written by `,
        code('s2bench publish'),
        '; each folder has the report, its results as JSON, and their history.',
      ),
      ...reports.flatMap(reportNodes),
    ]),
  );
}

/** A report's heading where it has none of its own. */
export function titleOf({ title, preset }: ResultDocument, name: string): string {
  return title ?? preset ?? name;
}

function reportNodes({ name, document, hasHistory }: PublishedReport): readonly RootContent[] {
  const { cells, profiles } = document;
  const strategies = [...new Set(cells.map(({ cell }) => cell.strategy))];
  const machines = [...new Set(cells.map(({ cell }) => cell.profile))];
  return [
    heading(2, link(`${name}/README.md`, name)),
    paragraph(strong(titleOf(document, name))),
    ...summarySection(document),
    list(false, [
      ...strategies.map((strategy): readonly Inline[] => [code(strategy), ': ', ...verdictOf(document, strategy)]),
      [
        'Machine: ',
        ...enumerate(
          machines.map((machine) => {
            const hash = profiles.find((profile) => profile.name === machine)?.hash;
            return typeof hash === 'string' ? [code(machine), ' ', code(hash.slice(0, 12))] : [code(machine)];
          }),
        ),
        `; s2bench ${document.tool.version}.`,
      ],
      [
        link(`${name}/results.json`, 'Results'),
        ...(hasHistory ? [', ', link(`${name}/HISTORY.md`, 'history')] : []),
        '.',
      ],
    ]),
  ];
}

/** The verdicts of a strategy, the worst first, with what has them where there are several: histories, kernel models, machines. */
function verdictOf({ cells }: ResultDocument, strategy: string): readonly Inline[] {
  const own = cells.filter(({ cell }) => cell.strategy === strategy);
  const textOf = ({ verdict }: CellResult): string =>
    verdict === undefined || verdict.status === 'not-explored' ? unexploredText(verdict) : verdict.status;
  const isTold = ({ key }: Dimension): boolean => key === 'history' || key === 'kernel' || key === 'profile';
  const told = varyingDimensions(own.map(({ cell }) => cell)).filter(isTold);
  const groups = VERDICT_STATUSES.flatMap((status) => [
    ...Map.groupBy(
      own.filter(({ verdict }) => (verdict?.status ?? 'not-explored') === status),
      textOf,
    ),
  ]);
  return groups.flatMap(([text, results], index): readonly Inline[] => {
    // Only what tells these from the others: a kernel model under which one strategy has one verdict.
    const places = told
      .map(({ show }) => [...new Set(results.map(({ cell }) => show(cell)))])
      .filter((values, at) => values.length < new Set(own.map(({ cell }) => told[at]?.show(cell))).size);
    return [
      index === 0 ? '' : '; ',
      text === 'unsafe' ? strong(text) : text,
      ...(groups.length === 1 || places.length === 0
        ? []
        : [' under ', ...enumerate(places.flat().map((place) => [code(place)]))]),
    ];
  });
}
