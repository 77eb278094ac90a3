/** The page of verdicts (reports/verdicts.md): what is found of the shipped strategies, out of documents of `s2bench verify --json`. */
import { breakLines } from '@s2bench/report/text';
import {
  type Counterexample,
  GENERATED,
  LENIENT,
  renderRows,
  RULE_NAMES,
  STRICTEST,
  type VerifyDocument,
  WORLDS,
} from '@s2bench/verify';

type Result = VerifyDocument['results'][number];

/** Worlds that have a name; `crowd` is too large. */
const LANDMARKS = WORLDS.map(({ name }) => name)
  .filter((name) => name !== 'crowd')
  .join();

/** What coalesces at faults, in the walker up to v6.1. */
const OF_V5 =
  'baseline install-first-no-cmo install-first-uniform-cmo full-population-check clean-before-break clean-holes by-tables population-by-count range-flush bbm-level-2';
/** What does something where logging stops. */
const LOG_STOP = 'recover-zap,recover-collapse,recover-collapse-batched,recover-lazy';

/** The parts of the page. Each is made of what its commands say, and can be made alone. */
export const PARTS = {
  faults: {
    // In all that a verdict takes, to its end.
    commands: [
      `s2bench verify ${OF_V5} --json`,
      's2bench verify upstream-5-14 --kernel v5.14 --json',
      's2bench verify clean-unlocked two-step --json',
      // What was modelled at first, in the worlds that have a name.
      `s2bench verify ${OF_V5} --arch ${LENIENT.name} --world ${LANDMARKS} --json`,
    ],
  },
  shared: {
    // So many states of each exploration, and no seconds: whatever the machine, the page is the same.
    commands: [
      // In all that a verdict takes.
      's2bench verify upstream-6-2 --kernel v6.12 --max-states 20000 --json',
      's2bench verify clean-before-break population-by-count --kernel v6.12 --world partial-table,full-table,partial-unmap,slot-move,logging-starts --max-states 10000 --json',
    ],
  },
  hooks: {
    commands: [
      `s2bench verify upstream-5-14 --kernel v5.14 --log-stop ${LOG_STOP} --json`,
      // Eager splits are of the walker of v6.2, and are explored one section at a time alone.
      's2bench verify upstream-6-2 --kernel v6.4?map-lock=exclusive --log-start split-eager --world logging-starts,logging-returns,logging-stops,logging-stops-over-small-pages --json',
      `s2bench verify upstream-6-2 --kernel v6.12 --log-stop ${LOG_STOP} --world logging-stops,logging-returns,logging-stops-over-small-pages,full-table,partial-table --max-states 10000 --json`,
    ],
  },
} as const satisfies Readonly<Record<string, { readonly commands: readonly string[] }>>;

/** Name of a part. */
export type PartName = keyof typeof PARTS;
/** Their names, in their order on the page. */
export const PART_NAMES = Object.keys(PARTS) as PartName[];
/** How the documents of the page are made. */
export const COMMANDS: readonly string[] = PART_NAMES.flatMap((name) => PARTS[name].commands);

/** Columns of a counterexample. */
const COLUMNS = 110;

/** What is written anew of each part: documents of its commands. */
export type PartDocuments = Readonly<Partial<Record<PartName, readonly VerifyDocument[]>>>;

/**
 * The page.
 *
 * @param before - the page as it is: what is not written anew is kept
 */
export function verdictsPage(documents: PartDocuments, before = ''): string {
  const section = (name: string, lines: readonly string[] | undefined): string[] => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    if (lines !== undefined) return [open, '', ...lines, ...(lines.length > 0 ? [''] : []), close, ''];
    const [from, to] = [before.indexOf(open), before.indexOf(close)];
    if (from < 0 || to < 0) throw new RangeError(`the page has no part ${name} that could be kept`);
    return [...before.slice(from, to).trimEnd().split('\n'), '', close, ''];
  };
  const part = (name: PartName, write: (documents: readonly VerifyDocument[]) => string[]): string[] =>
    section(name, documents[name] && [...commandsOf(name), '', ...write(documents[name])]);
  return [
    '# Verdicts of the shipped strategies',
    '',
    paragraph(
      'Made by `npm run verdicts`; nobody writes here by hand, and a part can be made alone, as by `npm run verdicts -- hooks`. A verdict is of the strictest hardware that the architecture allows, or that has what a strategy needs, and of a kernel model without the known mistakes that every unmap runs into. What it covers: [decision 16](../docs/decisions/0016-what-a-verdict-covers.md); the hardware: [packages/verify](../packages/verify/README.md#hardware).',
    ),
    '',
    '## Up to v6.1',
    '',
    ...part('faults', (found) => [
      ...tableOfVerdicts(isOfNow(found)),
      '',
      ...changesOf(isOfThen(found), isOfNow(found)),
    ]),
    '## Where map faults share mmu_lock',
    '',
    paragraph(
      'Sections meet at every action, so that few explorations end: each was stopped after the states that the command says. Nothing found is no proof there.',
    ),
    '',
    ...part('shared', (found) => tableOfVerdicts(isOfNow(found))),
    '## Hooks where logging starts and stops',
    '',
    paragraph(
      'Beside what the release does at faults. The worlds of a verdict switch logging off, but for some; `logging-stops`, `logging-returns` and `logging-stops-over-small-pages` are there for hooks alone. Eager splits are not interleaved with faults that share the lock.',
    ),
    '',
    ...part('hooks', (found) => tableOfVerdicts(isOfNow(found))),
    '## What the kernel models break by themselves',
    '',
    paragraph(
      'With no strategy in them. No verdict above counts what every unmap runs into; the model’s option that is named is without it.',
    ),
    '',
    ...section('models', documents.faults && findingsOf(documents.faults)),
  ].join('\n');
}

function commandsOf(name: PartName): string[] {
  return ['```sh', ...PARTS[name].commands.map((command) => `npx ${quoted(command)}`), '```'];
}

/** A command as a shell wants it: what has a question mark is quoted. */
function quoted(command: string): string {
  return command
    .split(' ')
    .map((word) => (word.includes('?') ? `'${word}'` : word))
    .join(' ');
}

function isOfNow(documents: readonly VerifyDocument[]): Result[] {
  return documents.flatMap(({ results }) => results).filter(({ arch }) => arch !== LENIENT.name);
}

function isOfThen(documents: readonly VerifyDocument[]): Result[] {
  return documents.flatMap(({ results }) => results).filter(({ arch }) => arch === LENIENT.name);
}

function tableOfVerdicts(results: readonly Result[]): string[] {
  return tableOf(
    ['strategy', 'kernel model', 'hardware', 'verdict', 'branches', 'explored'],
    groupsOf(results, ({ strategy, kernel }) => `${strategy} ${kernel}`).map(verdictRow),
  );
}

function verdictRow(results: readonly [Result, ...Result[]]): string[] {
  const [{ strategy, kernel, arch, untested }] = results;
  return [strategy, kernel, arch, verdictOf(results), branchesOf(untested), extentOf(results)];
}

/** What is broken, each rule with its shortest counterexample, or how far nothing was found. */
function verdictOf(results: readonly Result[]): string {
  const broken = RULE_NAMES.flatMap((rule) => {
    const theirs = results.filter((result) => result.rule === rule);
    const [shortest] = theirs.toSorted((a, b) => (a.steps ?? Infinity) - (b.steps ?? Infinity));
    if (shortest === undefined) return [];
    const steps = shortest.steps === undefined ? '' : ` (${shortest.steps} turns, ${nameOf(shortest.world)})`;
    return [`${rule}${steps}`];
  });
  if (broken.length > 0) return `**unsafe**: ${broken.join('; ')}`;
  const cut = results.filter(({ verdict }) => verdict === 'incomplete').length;
  return cut === 0 ? 'safe' : `nothing found; ${cut} of ${results.length} explorations met the bound`;
}

function branchesOf(untested: readonly string[] | undefined): string {
  if (untested === undefined) return 'not judged';
  return untested.length === 0 ? 'all taken' : untested.join('; ');
}

function extentOf(results: readonly Result[]): string {
  const small = results.filter(({ foundAt, depth }) => foundAt === undefined && depth > 0);
  const states = small.reduce((sum, result) => sum + result.states, 0);
  const populations = results
    .filter((result) => !small.includes(result))
    .reduce((sum, result) => sum + result.states, 0);
  const shapes = new Set(results.flatMap(({ coalesces }) => coalesces)).size;
  return [
    `${countText(states)} states of ${small.length} explorations`,
    ...(populations > 0 ? [`${countText(populations)} populations of real tables`] : []),
    ...(shapes > 0 ? [`${countText(shapes)} shapes of coalesces`] : []),
  ].join(', ');
}

/** What the verdict was on the hardware that was modelled at first, in the worlds that there were. */
function changesOf(before: readonly Result[], now: readonly Result[]): string[] {
  const rows = groupsOf(before, ({ strategy }) => strategy).map((results) => {
    const [{ strategy, kernel }] = results;
    const after = verdictOf(now.filter((result) => result.strategy === strategy && result.kernel === kernel));
    const at = verdictOf(results);
    return [strategy, at, rulesIn(at) === rulesIn(after) ? 'the same rules' : after];
  });
  return [
    '### What changed',
    '',
    paragraph(
      'Beside it the verdict on `lenient` hardware, which is what was modelled at first (hints end every way, no dirty line is written back by itself, stages are cached apart), in the worlds that have a name.',
    ),
    '',
    ...tableOf(['strategy', LENIENT.name, STRICTEST.name], rows),
  ];
}

function rulesIn(verdict: string): string {
  return RULE_NAMES.filter((rule) => verdict.includes(rule)).join();
}

/** What the kernel models break with no strategy in them, each once, with how. */
function findingsOf(documents: readonly VerifyDocument[]): string[] {
  const findings = new Map(
    documents.flatMap(({ modelFindings }) =>
      modelFindings
        .filter(({ arch }) => arch === STRICTEST.name)
        .map((finding) => [`${finding.kernel} ${finding.rule} ${finding.what}`, finding] as const),
    ),
  );
  const lines = [...findings.values()].flatMap(({ kernel, rule, what, mendedBy, mendedModel, counterexample }) => [
    `### ${kernel}: ${rule}`,
    '',
    paragraph(`${what} Mended by ${mendedBy}, as in \`${mendedModel}\`.`),
    '',
    ...textOf(counterexample),
    '',
  ]);
  return lines.slice(0, -1);
}

/** A counterexample as the page shows it. */
export function textOf(counterexample: Counterexample): string[] {
  const { opening, conclusion } = counterexample;
  const rows = renderRows(counterexample, { columns: COLUMNS }).split('\n');
  return [paragraph(opening), '', '```text', ...rows.map((line) => line.trimEnd()), '```', '', paragraph(conclusion)];
}

function groupsOf(results: readonly Result[], keyOf: (result: Result) => string): [Result, ...Result[]][] {
  const groups = [...Map.groupBy(results, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.map(([, theirs]) => theirs as [Result, ...Result[]]);
}

/** Generated worlds have names that say their parameters, and are long. */
function nameOf(world: string): string {
  return world.startsWith(`${GENERATED}-`) ? 'a generated world' : world;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function paragraph(text: string): string {
  return breakLines(text, 120, '').join('\n');
}

function countText(count: number): string {
  return count.toLocaleString('en-US');
}
