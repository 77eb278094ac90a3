/** The first paragraph: what was found, in words and six numbers. */
import type { RootContent } from 'mdast';
import { formatFactor } from '../../format/factor.ts';
import { okResults, stagesOf, varyingDimensions } from '../../cells.ts';
import { bestSentence, rankingOf } from '../../findings/best.ts';
import { largestErrorPercent, publishedRows } from '../../findings/published.ts';
import { findSplits, givesNothing, rowsToSummarise } from '../../findings/split.ts';
import type { Split } from '../../findings/split.ts';
import { staleGroups, withVerdict } from '../../findings/stale.ts';
import type { StrategyAndHistory } from '../../findings/stale.ts';
import { formatCount } from '../../format/count.ts';
import { formatPercent, formatPercentRange } from '../../format/percent.ts';
import { formatTime } from '../../format/time.ts';
import type { Cell, OkResult, ResultDocument, StageName } from '../../schema.ts';
import { variantSummary } from './variant-conclusion.ts';
import { code, paragraph, strong } from '../tree.ts';
import type { Inline } from '../tree.ts';
import { capitalised, counted, enumerate } from '../words.ts';

/** What was found. Every number is computed from the document's results. */
export function summarySection(document: ResultDocument): readonly RootContent[] {
  const sentences = [
    ...whatCameOut(document),
    ...(findSplits(document).length === 0 ? [] : windowSentence(document)),
    ...staleSentence(document),
    ...verdictSentence(document),
    ...missingSentence(document),
  ];
  return [paragraph(...sentences.flatMap((sentence, index) => (index === 0 ? sentence : [' ', ...sentence])))];
}

type Sentence = readonly Inline[];

function whatCameOut(document: ResultDocument): readonly Sentence[] {
  const ofVariants = variantSummary(document);
  if (ofVariants.length > 0) return ofVariants;
  const ranking = rankingOf(document);
  return [
    ...(ranking === undefined ? [] : [[strong(`${bestSentence(ranking)}.`)]]),
    ...accuracySentence(document),
    ...(gainSentences(document) ?? timeSentences(document)),
  ];
}

function accuracySentence(document: ResultDocument): readonly Sentence[] {
  const rows = publishedRows(document);
  if (rows.length === 0) return [];
  const within = strong(formatPercent(largestErrorPercent(rows)));
  return [
    rows.length === 1
      ? ['The simulated time is within ', within, ' of the one published median.']
      : ['The simulated times of ', counted(rows.length, 'cell'), ' are within ', within, ' of the published medians.'],
  ];
}

function gainSentences(document: ResultDocument): readonly Sentence[] | undefined {
  const [split] = findSplits(document);
  if (split === undefined) return undefined;
  const rows = rowsToSummarise(split);
  const published = rows.flatMap((row) => row.publishedGainPercent ?? []);
  const gains = published.length > 0 ? published : rows.map(({ gainPercent }) => gainPercent);
  const [from, to] = [split.strategies[0] ?? '', split.strategies.at(-1) ?? ''];
  if (Math.max(...gains) <= 0) return [[code(to), ' gains nothing over ', code(from), ` in ${split.stage}.`]];
  const gain = strong(formatPercentRange(Math.min(...gains), Math.max(...gains)));
  const opening: Sentence = [
    code(to),
    ` takes `,
    gain,
    ` less time than `,
    code(from),
    ` in ${split.stage}${published.length > 0 ? ' by the published medians' : ' (simulated)'}`,
  ];
  return [[...opening, ...largestPart(split)]];
}

/** Which factor makes up most of the gain, and how much of it. */
function largestPart(split: Split): Sentence {
  const rows = rowsToSummarise(split);
  const ranges = split.factors.map((factor, index) => {
    const shares = rows.flatMap((row) => row.parts[index]?.sharePercent ?? []);
    return { factor, low: Math.min(...shares), high: Math.max(...shares), nothing: givesNothing(rows, index) };
  });
  const [largest, ...others] = ranges.filter(({ low }) => Number.isFinite(low)).sort((a, b) => b.low - a.low);
  if (largest === undefined || others.length === 0) return ['.'];
  const whole = formatPercentRange(largest.low, largest.high);
  // Where the largest part is shown as all of it, nothing is left; what is shown as nothing is no rest of anything.
  const giving = largest.low >= 100 || whole === formatPercent(100) ? [] : others.filter(({ nothing }) => !nothing);
  const idle = others.filter((other) => !giving.includes(other));
  return [
    '. By the simulation ',
    strong(whole),
    ` of that gain is the ${largest.factor}`,
    ...(giving.length === 0 ? [] : ['; the rest is ', ...factorsOf(giving)]),
    ...(idle.length === 0 ? [] : [', and ', ...factorsOf(idle), idle.length === 1 ? ' gives' : ' give', ' none of it']),
    idle.length === 0 ? '.' : ' in this workload.',
  ];
}

function factorsOf(parts: readonly { readonly factor: string }[]): Sentence {
  return enumerate(parts.map(({ factor }) => [`the ${factor}`]));
}

/** From which strategy's longest window to which, and the factor between: time alone says nothing of them. */
function windowSentence(document: ResultDocument): readonly Sentence[] {
  const results = okResults(document);
  const stage = stagesOf(results).at(-1);
  if (stage === undefined) return [];
  const windows = [...Map.groupBy(results, ({ cell }) => cell.strategy)]
    .map(([strategy, cells]) => ({ strategy, longestNs: Math.max(...cells.map((cell) => windowOf(cell, stage))) }))
    .sort((a, b) => a.longestNs - b.longestNs);
  const [shortest, longest] = [windows[0], windows.at(-1)];
  if (shortest === undefined || longest === undefined) return [];
  const change = { from: longest.longestNs, to: shortest.longestNs };
  // Nothing to choose between.
  if (change.to === 0 || change.from < 2 * change.to) return [];
  return [
    [
      'A page is out of reach for up to ',
      strong(formatTime(change.from)),
      ' with ',
      code(longest.strategy),
      ' and for up to ',
      strong(formatTime(change.to)),
      ' with ',
      code(shortest.strategy),
      `, ${formatFactor(change.from / change.to)}× shorter.`,
    ],
  ];
}

/** Without a comparison: the times themselves, and the windows that they come with. */
function timeSentences(document: ResultDocument): readonly Sentence[] {
  const results = okResults(document);
  const stage = stagesOf(results).at(-1);
  const timed = results.filter((result) => stage !== undefined && result.stages[stage] !== undefined);
  if (stage === undefined || timed.length === 0) return [['No cell was simulated.']];
  const cells = results.map(({ cell }) => cell);
  const sorted = [...timed].sort((a, b) => timeOf(a, stage) - timeOf(b, stage));
  const [fastest, slowest] = [sorted[0], sorted.at(-1)];
  if (fastest === undefined || slowest === undefined) return [];
  const times: Sentence =
    timed.length === 1
      ? [
          stage,
          ' of ',
          code(fastest.cell.strategy),
          ' takes ',
          strong(formatTime(timeOf(fastest, stage))),
          ' of simulated time.',
        ]
      : [
          stage,
          ' takes from ',
          strong(formatTime(timeOf(fastest, stage))),
          ...cellName(fastest.cell, cells),
          ' to ',
          strong(formatTime(timeOf(slowest, stage))),
          ...cellName(slowest.cell, cells),
          ' of simulated time.',
        ];
  const longest = timed.reduce((a, b) => (windowOf(b, stage) > windowOf(a, stage) ? b : a));
  const window: Sentence =
    windowOf(longest, stage) === 0
      ? ['No entry is invalid for any time.']
      : [
          'The longest time that an entry is invalid is ',
          strong(formatTime(windowOf(longest, stage))),
          ...(timed.length === 1 ? [] : cellName(longest.cell, cells)),
          '.',
        ];
  return [times, window];
}

function timeOf(result: OkResult, stage: StageName): number {
  return result.stages[stage]?.timeNs ?? 0;
}

function windowOf(result: OkResult, stage: StageName): number {
  return result.stages[stage]?.invalidWindow.longestNs ?? 0;
}

/** A cell by what tells it from the others, in brackets. */
function cellName(cell: Cell, cells: readonly Cell[]): Sentence {
  const parts = varyingDimensions(cells).map((dimension): Sentence =>
    dimension.isName ? [code(dimension.show(cell))] : [dimension.describe(cell)],
  );
  return parts.length === 0
    ? []
    : [' (', ...parts.flatMap((part, index) => (index === 0 ? part : [', ', ...part])), ')'];
}

function staleSentence(document: ResultDocument): readonly Sentence[] {
  const groups = staleGroups(document);
  if (groups.length === 0) return [];
  const stale = groups.filter(({ most }) => most > 0);
  if (stale.length === 0) {
    return [['There are ', strong('0'), ' stale reads.']];
  }
  const most = strong(formatCount(Math.max(...stale.map((group) => group.most))));
  const who = enumerate(stale.map(named));
  const others = stale.length === groups.length ? '.' : '; nothing else reads stale data.';
  return [
    [...who, ...(stale.length === 1 ? [' reads'] : [' read']), ' stale data, up to ', most, ' times in a cell', others],
    [
      'Where it was the host that had zeroed such a page, the guest reads what another tenant left there: worse than a hang.',
    ],
  ];
}

function named({ strategy, history }: StrategyAndHistory): Sentence {
  return [code(strategy), ' under ', code(history)];
}

function verdictSentence(document: ResultDocument): readonly Sentence[] {
  const unsafe = withVerdict(document, 'unsafe');
  if (unsafe.length === 0) return [];
  return [[...enumerate(unsafe.map(named)), unsafe.length === 1 ? ' is ' : ' are ', 'unsafe, whatever time is saved.']];
}

function missingSentence(document: ResultDocument): readonly Sentence[] {
  const skipped = document.cells.filter(({ status }) => status === 'skipped').length;
  const failed = document.cells.filter(({ status }) => status === 'failed').length;
  const parts = [
    ...(failed > 0 ? [`${counted(failed, 'cell')} failed`] : []),
    ...(skipped > 0 ? [`${counted(skipped, 'cell')} ${skipped === 1 ? 'was' : 'were'} skipped`] : []),
  ];
  if (parts.length === 0) return [];
  return [[capitalised(parts.join(', ')), '.']];
}
