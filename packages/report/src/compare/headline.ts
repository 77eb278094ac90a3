/** What a comparison comes to, in words: what got better, what got worse, by how much, and what is proven. */
import type { MetricChange, ResultComparison, WordChange } from './compare.ts';
import { capitalised } from '../markdown/words.ts';
import { bySize, isSlight, sizeOf } from './change.ts';
import { HEADLINE_METRICS } from './metrics.ts';
import { cellCount, formatValue, sizeInWords, toneOf, toneOfWords } from './words.ts';
import type { Tone } from './words.ts';

/** One sentence of the headline, without its full stop. */
export interface Finding {
  /** `undefined`: neither. */
  readonly tone: Tone | undefined;
  /** `ADJUST invalid window 130 ms → 1.90 µs, 68 000× shorter`. */
  readonly text: string;
}

/** Findings that are sentences; the table has the others. */
const MAX_FINDINGS = 6;

/**
 * The findings, the one that matters most first: results that are gone, verdicts that are worse, then metrics by the size
 * of their largest change, then verdicts that are better. Changes below 0.01 % are in none.
 */
export function headlineOf(comparison: ResultComparison): readonly Finding[] {
  const { changed } = comparison;
  const words = (pick: 'outcome' | 'verdict', isWorse: boolean): readonly Finding[] =>
    wordFindings(
      pick === 'outcome' ? 'result' : 'verdict',
      changed.flatMap((change) => (change[pick]?.isWorse === isWorse ? [change[pick]] : [])),
      comparison,
    );
  const metrics = metricFindings(comparison);
  const shown = metrics.slice(0, MAX_FINDINGS);
  const rest = metrics.length - shown.length;
  return [
    ...words('outcome', true),
    ...words('verdict', true),
    ...shown,
    ...words('verdict', false),
    ...words('outcome', false),
    ...(rest > 0 ? [{ tone: undefined, text: `${String(rest)} more kinds of change are in the table` }] : []),
  ];
}

/** A finding as a line: `Better: …`. The word is there whatever the colour. */
export function findingLine({ tone, text }: Finding): string {
  if (tone === undefined) return capitalised(text);
  return `${capitalised(tone)}: ${text}`;
}

/** The verdicts of the compared cells as they are now: `verdict: safe in 24 cells`. */
export function verdictLine({ verdicts }: ResultComparison): string {
  const parts = verdicts.map(({ text, cells }) => `${text} in ${cellCount(cells)}`);
  return parts.length === 0 ? '' : `verdict: ${parts.join(', ')}`;
}

/** Changes that are below 0.01 %, in one line; empty where there are none. */
export function slightLine({ changed }: ResultComparison): string {
  const counts = changed
    .map(({ metrics }) => metrics.filter((change) => change.hits.length === 0 && isSlight(change)).length)
    .filter((count) => count > 0);
  const values = counts.reduce((sum, count) => sum + count, 0);
  if (values === 0) return '';
  return `${String(values)} value${values === 1 ? '' : 's'} in ${cellCount(counts.length)} changed by less than 0.01 %`;
}

/** `in 3 of 24 cells`, and nothing where there is one cell. */
function where(cells: number, { changed, unchangedCells }: ResultComparison): string {
  const all = changed.length + unchangedCells;
  if (all === 1) return '';
  return cells === all ? `, in all ${String(all)} cells` : `, in ${String(cells)} of ${String(all)} cells`;
}

function wordFindings(name: string, changes: readonly WordChange[], comparison: ResultComparison): readonly Finding[] {
  const groups = [...Map.groupBy(changes, ({ from, to }) => `${name} ${from} → ${to}`)];
  const shown = groups.slice(0, MAX_FINDINGS).flatMap(([text, alike]): readonly Finding[] => {
    const [first] = alike;
    return first === undefined ? [] : [{ tone: toneOfWords(first), text: text + where(alike.length, comparison) }];
  });
  const rest = groups.length - shown.length;
  return rest > 0 ? [...shown, { tone: undefined, text: `${String(rest)} more ${name}s have changed` }] : shown;
}

function metricFindings(comparison: ResultComparison): readonly Finding[] {
  const all = comparison.changed.flatMap(({ metrics }) => metrics.filter((change) => !isSlight(change)));
  const foremost = all.filter(({ metric }) => HEADLINE_METRICS.has(metric.name));
  // Where nothing that one looks at has changed, the rest is the news.
  const groups = Map.groupBy(foremost.length === 0 ? all : foremost, ({ stage, metric, from, to }) =>
    [stage, metric.name, to < from].join(' '),
  );
  return [...groups.values()]
    .map((changes) => ({ changes, largest: largestOf(changes) }))
    .sort((a, b) => bySize(a.largest, b.largest))
    .map(({ changes, largest }) => {
      const { stage, metric, from, to } = largest;
      const size = sizeInWords(metric, largest);
      const isVaried = changes.some((change) => sizeInWords(metric, change) !== size);
      return {
        tone: toneOf(metric, largest),
        text: `${stage} ${metric.words} ${formatValue(metric, from)} → ${formatValue(metric, to)}, ${isVaried && /^\d/.test(size) ? 'up to ' : ''}${size}${where(changes.length, comparison)}`,
      };
    });
}

function largestOf(changes: readonly MetricChange[]): MetricChange {
  return changes.reduce((most, change) => (sizeOf(change) > sizeOf(most) ? change : most));
}
