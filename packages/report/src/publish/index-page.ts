/** The list of the published reports. */
import type { RootContent } from 'mdast';
import { code, heading, link, list, paragraph, root, strong } from '../markdown/tree.ts';
import type { Inline } from '../markdown/tree.ts';
import { summarySection } from '../markdown/sections/summary.ts';
import { capitalised, counted, enumerate } from '../markdown/words.ts';
import { writeMarkdown } from '../markdown/write.ts';
import type { ResultDocument, VerdictStatus } from '../schema.ts';
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

/** The verdicts of a strategy, the worst first, with the guest's histories that have it where there are several. */
function verdictOf({ cells }: ResultDocument, strategy: string): readonly Inline[] {
  const historiesOf = new Map<VerdictStatus, Set<string>>();
  for (const { cell, verdict } of cells) {
    if (cell.strategy !== strategy) continue;
    const status = verdict?.status ?? 'not-explored';
    historiesOf.set(status, (historiesOf.get(status) ?? new Set()).add(cell.history));
  }
  const found = VERDICT_STATUSES.flatMap((status) => {
    const histories = historiesOf.get(status);
    return histories === undefined ? [] : [{ text: status.replace('-', ' '), histories }];
  });
  return found.flatMap(({ text, histories }, index): readonly Inline[] => [
    index === 0 ? '' : '; ',
    text === 'unsafe' ? strong(text) : text,
    ...(found.length === 1 ? [] : [' under ', ...enumerate([...histories].map((history) => [code(history)]))]),
  ]);
}
