/** Conditions under which a comparison fails: `ADJUST.timeNs>+5%`. */
import { stageNameSchema } from '../schema.ts';
import type { StageName } from '../schema.ts';
import { METRICS } from './metrics.ts';
import type { Metric, MetricUnit } from './metrics.ts';

/** What the limit of a threshold is held against. */
export type LimitKind =
  /** The change in percent of the base. */
  | 'percent'
  /** The change itself, in the metric's unit. */
  | 'change'
  /** The new value itself, whatever it was before. */
  | 'value';

/** A limit of a metric. */
export interface MetricThreshold {
  readonly kind: 'metric';
  /** `undefined`: in any stage. */
  readonly stage: StageName | undefined;
  readonly metric: Metric;
  readonly operator: '>' | '<';
  readonly limitKind: LimitKind;
  /** In percent, or in nanoseconds, bytes or as a count. */
  readonly limit: number;
}

/**
 * A condition. `verdict`: a verdict has become worse. `missing`: a cell that the base has a result of has none any more.
 */
export type Threshold = MetricThreshold | { readonly kind: 'verdict' | 'missing' };

/** A text that is no threshold. */
export class ThresholdError extends Error {
  override readonly name = 'ThresholdError';
  /** Names of which one may have been meant, or none. */
  readonly candidates: readonly string[];
  /** What was written in the place of one. */
  readonly written: string;

  constructor(message: string, written = '', candidates: readonly string[] = []) {
    super(message);
    this.written = written;
    this.candidates = candidates;
  }
}

/** Conditions that are a word. */
export const THRESHOLD_WORDS = ['verdict', 'missing'] as const;

const EXAMPLE = "for example 'ADJUST.timeNs>+5%'";
const ANY_STAGE = '*';

/** Units that a limit may be written in, by what the metric is measured in. */
const UNITS: Readonly<Record<MetricUnit, Readonly<Record<string, number>>>> = {
  ns: { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 },
  bytes: { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 },
  count: {},
};

/**
 * Reads a condition.
 *
 * ```
 * threshold = "verdict" | "missing" | (stage | "*") "." metric (">" | "<") limit
 * limit     = ["+" | "-"] number ["%" | unit]
 * ```
 *
 * With `%` the limit is of the change in percent of the base, with a sign of the change itself, with neither of the new
 * value: `ADJUST.timeNs>+5%`, `ADJUST.timeNs>+2ms`, `ADJUST.invalidWindow.longestNs>1ms`. Times take `ns`, `us`, `ms` and
 * `s`, sizes `B`, `K`, `M`, `G` and `T`; a number alone is in nanoseconds, bytes or a count.
 *
 * @throws ThresholdError
 */
export function parseThreshold(text: string): Threshold {
  const word = THRESHOLD_WORDS.find((known) => known === text.trim());
  if (word !== undefined) return { kind: word };
  const parts = /^([^<>=]*)(>=|<=|[<>=])(.*)$/s.exec(text.trim());
  if (parts === null) {
    throw new ThresholdError(
      `must be a metric and a limit, ${EXAMPLE}, or ${THRESHOLD_WORDS.join(' or ')}`,
      text,
      THRESHOLD_WORDS,
    );
  }
  const [, name = '', operator = '', limitText = ''] = parts;
  if (operator !== '>' && operator !== '<') throw new ThresholdError(`${operator}: must be > or <, ${EXAMPLE}`);
  const { stage, metric } = metricNamed(name.trim());
  return { kind: 'metric', stage, metric, operator, ...limitOf(limitText.trim(), metric.unit) };
}

/** Writes a condition, so that {@link parseThreshold} gives it again. */
export function formatThreshold(threshold: Threshold): string {
  if (threshold.kind !== 'metric') return threshold.kind;
  const { stage, metric, operator, limitKind, limit } = threshold;
  const sign = limitKind === 'value' || limit < 0 || Object.is(limit, -0) ? '' : '+';
  const number = Object.is(limit, -0) ? '-0' : String(limit);
  return `${stage ?? ANY_STAGE}.${metric.name}${operator}${sign}${number}${limitKind === 'percent' ? '%' : ''}`;
}

function metricNamed(name: string): { readonly stage: StageName | undefined; readonly metric: Metric } {
  const dot = name.indexOf('.');
  const stageName = dot < 0 ? '' : name.slice(0, dot);
  const stage = stageNameSchema.safeParse(stageName).data;
  const metric = METRICS.find((known) => known.name === name.slice(dot + 1));
  if (metric !== undefined && (stage !== undefined || stageName === ANY_STAGE)) return { stage, metric };
  const names = [stage ?? [], ANY_STAGE].flat().flatMap((one) => METRICS.map((known) => `${one}.${known.name}`));
  throw new ThresholdError(`unknown metric ${name === '' ? '""' : name}`, name, names);
}

function limitOf(text: string, unit: MetricUnit): { readonly limitKind: LimitKind; readonly limit: number } {
  const parts = /^([+-]?)(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)\s*([^\d\s]*)$/.exec(text);
  if (parts === null)
    throw new ThresholdError(`${text === '' ? 'no limit' : `${text}: not a limit`}; write a number, ${EXAMPLE}`);
  const [, sign = '', digits = '', suffix = ''] = parts;
  const number = (sign === '-' ? -1 : 1) * Number(digits);
  if (suffix === '%') return { limitKind: 'percent', limit: number };
  const scale = suffix === '' ? 1 : Object.entries(UNITS[unit]).find(([name]) => name === suffix)?.[1];
  if (scale === undefined) throw new ThresholdError(`${text}: unknown unit ${suffix}; ${unitsOf(unit)}`);
  const limit = number * scale;
  if (!Number.isFinite(limit)) throw new ThresholdError(`${text}: too large`);
  return { limitKind: sign === '' ? 'value' : 'change', limit };
}

function unitsOf(unit: MetricUnit): string {
  const units = Object.keys(UNITS[unit]);
  return units.length === 0 ? 'a count has none, or %' : `must be one of %, ${units.join(', ')}`;
}
