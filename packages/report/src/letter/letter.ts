/**
 * A letter to a mailing list, from a template: each figure in it is looked up in the results. In braces stands a call:
 *
 * - `{time|ioctl|hold|stalls|window|cleaned STRATEGY SETTING…}`: a figure of one cell in its last stage, or in that of
 *   `{time@STAGE …}`. What else tells the cell, in any order: its kernel, vCPUs, memory, granule, profile, workload, or what
 *   follows the `?` of that. Where the matrix has hooks of the log stop, their names stand for the strategy
 * - `{change STRATEGY STRATEGY SETTING…}`, `{change@STAGE …}`: how much more time the second takes than the first
 * - `{best}`: the strategy that loses least where it loses most, and what it gains; `{ranking}`: the fastest safe one of each
 *   setting
 * - `{table}`, or `{table STAGE…}` with the times of these; `{skipped}`, `{verdicts}`, `{profiles}`, `{command}`: of all cells
 */
import { ascii } from '../ascii.ts';
import { okResults, settingKey, stagesOf, varyingDimensions } from '../cells.ts';
import { MAIL_COLUMNS } from '../compare/mail.ts';
import { bestSentence, rankingOf, times } from '../findings/best.ts';
import { unexploredText } from '../findings/stale.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatSignedPercent } from '../format/percent.ts';
import { formatTime } from '../format/time.ts';
import { printable } from '../printable.ts';
import type { Cell, OkResult, ResultDocument, StageName, StageResult } from '../schema.ts';
import { PROVENANCES } from '../schema.ts';
import { breakLines } from '../text/lines.ts';

const CALL = /\{([^{}]+)\}/g;
const INDENT = '  ';

const FIGURES: Readonly<Record<string, (stage: StageResult) => string>> = {
  time: ({ timeNs }) => formatTime(timeNs),
  ioctl: (stage) => formatTime(ioctlNs(stage)),
  hold: ({ host }) => formatTime(host?.longestLockNs ?? 0),
  stalls: ({ stalledNs }) => formatTime(stalledNs ?? 0),
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
    const table = /^\{table((?: \w+)*)\}$/.exec(text);
    if (table !== null) return tableOf(document, table[1]?.trim().split(' ').filter(Boolean) ?? []);
    if (text === '{ranking}') return rankingLines(document);
    if (text === '{command}') return [`${INDENT}${ascii(`npx ${document.command}`)}`];
    return breakLines(ascii(text.replaceAll(CALL, (_, call: string) => answer(document, call))), MAIL_COLUMNS);
  });
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function answer(document: ResultDocument, call: string): string {
  const [asked = '', ...words] = call.split(' ');
  const [what = '', stage] = asked.split('@');
  if (what === 'change') {
    const [from = '', to = '', ...setting] = words;
    const [before, after] = [from, to].map((name) => stageOf(document, [name, ...setting], call, stage).timeNs);
    return formatSignedPercent(((after ?? 0) / (before ?? 1) - 1) * 100);
  }
  if (what === 'best') return bestText(document, call);
  if (what === 'skipped') return skippedText(document);
  if (what === 'verdicts') return verdictsText(document);
  if (what === 'profiles') return profilesText(document);
  const figure = FIGURES[what];
  if (figure === undefined) throw new RangeError(`a letter asks for {${call}}: no such figure`);
  return figure(stageOf(document, words, call, stage));
}

function stageOf(document: ResultDocument, words: readonly string[], call: string, asked?: StageName): StageResult {
  const [name, ...setting] = words;
  const results = okResults(document);
  const found = results.filter(({ cell }) => {
    const { kernel, vcpus, memoryBytes, granuleBytes, pageSizeBytes, profile, workload } = cell;
    const sizes = [memoryBytes, granuleBytes].map(blockName);
    const own = [kernel, String(vcpus), ...sizes, `${blockName(pageSizeBytes)}-pages`, profile, ...wordsOf(workload)];
    return nameIn(results, cell) === name && setting.every((word) => own.includes(word));
  });
  const stage = found[0]?.stages[asked ?? lastStageOf(found[0])];
  if (found.length !== 1 || stage === undefined)
    throw new RangeError(
      `a letter asks for {${call}}: ${String(found.length)} cells with ${asked ?? stagesOf(results).at(-1) ?? ''} are so, one is needed`,
    );
  return stage;
}

/** The whole name of a workload, and what tells it from the same one with other options. */
function wordsOf(workload: string): readonly string[] {
  const [, options] = workload.split('?');
  return options === undefined ? [workload] : [workload, options];
}

function lastStageOf(result: OkResult): StageName {
  return stagesOf([result]).at(-1) ?? '';
}

function bestText(document: ResultDocument, call: string): string {
  const ranking = rankingOf(document);
  if (ranking === undefined) throw new RangeError(`a letter asks for {${call}}: the results rank nothing`);
  return bestSentence(ranking);
}

/** What a matrix is about: its strategies, or what they do where logging stops. */
function nameIn(results: readonly OkResult[], { strategy, logStop }: Cell): string {
  return hasHooks(results) ? (logStop ?? 'upstream') : strategy;
}

function hasHooks(results: readonly OkResult[]): boolean {
  return results.some(({ cell }) => cell.logStop !== undefined);
}

/** Time of the host's tasks, waits included. */
function ioctlNs({ host }: StageResult): number {
  return Object.values(host?.tasks ?? {}).reduce((sum, { totalNs }) => sum + totalNs, 0);
}

/** Columns of {@link columnsOf} that tell settings apart. */
const SETTING_LABELS: ReadonlySet<string> = new Set([
  'kernel',
  'workload',
  'vCPUs',
  'memory',
  'block',
  'pages',
  'machine',
]);

interface LetterColumn {
  readonly label: string;
  readonly isName?: boolean;
  readonly textOf: (result: OkResult, stage: StageResult) => string;
}

function columnsOf(results: readonly OkResult[], asked: readonly StageName[]): readonly LetterColumn[] {
  const settings: readonly LetterColumn[] = [
    { label: 'kernel', isName: true, textOf: ({ cell }) => cell.kernel },
    {
      label: hasHooks(results) ? 'log stop' : 'strategy',
      isName: true,
      textOf: ({ cell }) => nameIn(results, cell),
    },
    { label: 'workload', isName: true, textOf: ({ cell }) => wordsOf(cell.workload).at(-1) ?? '' },
    { label: 'vCPUs', textOf: ({ cell }) => String(cell.vcpus) },
    { label: 'memory', textOf: ({ cell }) => blockName(cell.memoryBytes) },
    { label: 'block', textOf: ({ cell }) => blockName(cell.granuleBytes) },
    { label: 'pages', textOf: ({ cell }) => blockName(cell.pageSizeBytes) },
    { label: 'machine', isName: true, textOf: ({ cell }) => cell.profile },
  ];
  const stageIn = (result: OkResult): StageResult | undefined => result.stages[lastStageOf(result)];
  const lasts = [...new Set(results.map(lastStageOf))];
  const times: readonly LetterColumn[] =
    asked.length > 0
      ? asked.map((name) => ({ label: name, textOf: ({ stages }) => formatTime(stages[name]?.timeNs ?? 0) }))
      : [{ label: lasts.length === 1 ? (lasts[0] ?? '') : 'time', textOf: (_, { timeNs }) => formatTime(timeNs) }];
  const hasHost = asked.length === 0 && results.some((result) => stageIn(result)?.host !== undefined);
  return [
    ...settings.filter(
      ({ textOf }) =>
        new Set(
          results.map((result) => {
            const stage = stageIn(result);
            return stage && textOf(result, stage);
          }),
        ).size > 1,
    ),
    ...times,
    ...(hasHost ? [{ label: 'ioctl', textOf: (_: OkResult, stage: StageResult) => formatTime(ioctlNs(stage)) }] : []),
    { label: 'window', textOf: (_, { invalidWindow }) => formatTime(invalidWindow.longestNs) },
    { label: 'cleaned', textOf: (_, { cleanedBytes }) => gibibytes(cleanedBytes) },
  ];
}

/** A line for each setting of a ranking. */
function rankingLines(document: ResultDocument): readonly string[] {
  const ranking = rankingOf(document);
  if (ranking === undefined) throw new RangeError('a letter asks for {ranking}: the results rank nothing');
  const results = okResults(document);
  const last = stagesOf(results).at(-1) ?? '';
  const settings = columnsOf(results, []).filter(({ label }) => SETTING_LABELS.has(label));
  const rows = ranking.settings.flatMap(({ setting, ranked }): readonly (readonly string[])[] => {
    const [best] = ranked;
    const stock = results.find(
      ({ cell }) =>
        cell.strategy === ranking.reference && settingKey(cell) === settingKey({ ...setting, strategy: '' }),
    );
    const stage = stock?.stages[last];
    if (best === undefined || stock === undefined || stage === undefined) return [];
    const own = settings.map(({ textOf }) => textOf(stock, stage));
    return [[...own, best.strategy, times(best.speedup ?? 1), formatTime(best.timeNs), formatTime(stage.timeNs)]];
  });
  const names = new Set(['first', 'machine', 'kernel', 'workload']);
  const labels = [...settings.map(({ label }) => label), 'first', 'faster', 'time', ranking.reference];
  return fitted([labels, ...rows], (at) => names.has(labels[at] ?? ''));
}

/** Columns of what varies, then of what was found: as many of these as a line has room for. */
function tableOf(document: ResultDocument, asked: readonly StageName[]): readonly string[] {
  const results = okResults(document);
  const columns = columnsOf(results, asked);
  const rows = results.flatMap((result): readonly (readonly string[])[] => {
    const stage = result.stages[lastStageOf(result)];
    return stage === undefined ? [] : [columns.map(({ textOf }) => textOf(result, stage))];
  });
  return fitted([columns.map(({ label }) => label), ...grouped(rows)], (at) => columns[at]?.isName === true);
}

/** Rows below one another, with as many columns as a line has room for. */
function fitted(rows: readonly (readonly string[])[], isName: (column: number) => boolean): readonly string[] {
  const all = rows.map((row) => row.map(ascii));
  const widths = (all[0] ?? []).map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  let width = -1;
  const shown = widths.filter((own) => (width += own + 1) <= MAIL_COLUMNS).length;
  return all.map((row) =>
    row
      .slice(0, shown)
      .map((text, at) => (isName(at) ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join(' ')
      .trimEnd(),
  );
}

/** Cells with one value in the first column below one another, in the order of the document. */
function grouped(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...Map.groupBy(rows, ([first]) => first).values()].flat();
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

/** What tells verdicts of one strategy apart. */
const WHERE: ReadonlySet<keyof Cell> = new Set(['history', 'kernel', 'profile']);

function verdictsText(document: ResultDocument): string {
  const results = okResults(document);
  const texts = Map.groupBy(results, ({ verdict }) => {
    if (verdict === undefined || verdict.status === 'not-explored') return unexploredText(verdict);
    return verdict.rule === undefined ? verdict.status : `${verdict.status} (${verdict.rule})`;
  });
  const told = varyingDimensions(results.map(({ cell }) => cell)).filter(({ key }) => WHERE.has(key));
  const placesOf = (own: readonly OkResult[]): string[] => [
    ...new Set(own.map(({ cell }) => told.map(({ show }) => show(cell)).join(' on '))),
  ];
  const namesOf = (own: readonly OkResult[]): string =>
    [...Map.groupBy(own, ({ cell }) => cell.strategy)]
      .map(([strategy, cells]) => {
        const places = placesOf(cells);
        const all = placesOf(results.filter(({ cell }) => cell.strategy === strategy));
        return places.length === all.length ? strategy : `${strategy} (${places.join(', ')})`;
      })
      .join(', ');
  return [...texts].map(([text, own]) => `${text}: ${namesOf(own)}`).join('. ');
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
