/** What can be compared of a stage: every count and time of the schema, by its name there. */
import * as z from 'zod';
import { stageResultSchema } from '../schema.ts';
import type { StageResult } from '../schema.ts';

/** What a metric is measured in: the end of its name says it. */
export type MetricUnit = 'ns' | 'bytes' | 'count';

/** One number of a stage. */
export interface Metric {
  /** As the schema names it: `timeNs`, `invalidWindow.longestNs`. */
  readonly name: string;
  readonly unit: MetricUnit;
  /** As a sentence names it: `time`, `invalid window`. */
  readonly words: string;
  /** Whether less of it is better. The others say what was done, which is neither good nor bad in itself. */
  readonly isCost: boolean;
  /** `undefined` where a document of an older schema version did not say. */
  readonly valueOf: (stage: StageResult) => number | undefined;
}

/** How each metric is called in words; `true`: less is better. */
const WORDS: Readonly<Record<string, readonly [string, boolean]>> = {
  timeNs: ['time', true],
  'faults.translation': ['translation faults', true],
  'faults.permission': ['permission faults', true],
  'faults.spurious': ['spurious faults', true],
  'faults.retried': ['retried faults', true],
  maps: ['maps', false],
  relaxed: ['relaxations', false],
  'tlbi.vmid': ['TLBIs of the VMID', true],
  'tlbi.ipa': ['TLBIs of an address', true],
  'tlbi.range': ['TLBIs of a range', true],
  // Less is cheaper, and may be what was forgotten.
  cleanedBytes: ['cleaned', false],
  invalidatedBytes: ['invalidated', false],
  'tablePages.allocated': ['new table pages', false],
  'tablePages.freed': ['freed table pages', false],
  'invalidWindow.count': ['invalid windows', true],
  'invalidWindow.longestNs': ['invalid window', true],
  'invalidWindow.totalNs': ['sum of windows', true],
  'invalidWindow.pageSeconds': ['page-seconds lost', true],
  'stallNs.p50': ['median stall', true],
  'stallNs.p99': ['stall (p99)', true],
  'stallNs.max': ['longest stall', true],
  lockWaitNs: ['wait for the lock', true],
  staleReads: ['stale reads', true],
};

/** Every metric, in the order of the schema. Fields that a stage may lack are none: they say how it was obtained. */
export const METRICS: readonly Metric[] = metricsOf(stageResultSchema, []);

/** The metrics that a reader looks at first. The others are shown where nothing else in a cell has changed. */
export const HEADLINE_METRICS: ReadonlySet<string> = new Set([
  'timeNs',
  'faults.translation',
  'faults.permission',
  'faults.spurious',
  'invalidWindow.longestNs',
  'stallNs.p99',
  'staleReads',
]);

function metricsOf(schema: z.ZodObject, path: readonly string[]): readonly Metric[] {
  return Object.entries(schema.shape).flatMap(([key, field]): readonly Metric[] => {
    const here = [...path, key];
    if (field instanceof z.ZodObject) return metricsOf(field, here);
    if (!((field instanceof z.ZodNullable ? field.unwrap() : field) instanceof z.ZodNumber)) return [];
    const name = here.join('.');
    const [words, isCost] = WORDS[name] ?? [name, false];
    return [{ name, unit: unitOf(key, path), words, isCost, valueOf: (stage) => numberAt(stage, here) }];
  });
}

/** `stallNs.p99` says its unit one step above. */
function unitOf(key: string, path: readonly string[]): MetricUnit {
  const names = [key, ...path];
  if (names.some((name) => name.endsWith('Ns'))) return 'ns';
  return names.some((name) => name.endsWith('Bytes')) ? 'bytes' : 'count';
}

function numberAt(stage: StageResult, path: readonly string[]): number | undefined {
  let value: unknown = stage;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  if (value === null) return undefined;
  if (typeof value !== 'number') throw new TypeError(`${path.join('.')} is no number`);
  return value;
}
