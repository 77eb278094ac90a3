/** The two variants of a preset that compares the code before a patch series with that after it. */
import { inOneOrder, type VariantName } from '@s2bench/report/schema';
import type { Preset, VariantKey } from '@s2bench/studies';
import { UsageError } from '../cli/errors.ts';
import type { KnownWorkload, NameableWorkloads } from '../plugins/workloads.ts';
import { findWorkloads, type MatrixAxes, parseAxes } from './axes.ts';
import { type GivenOptions, namedLayer, type OptionLayer } from './run-flags.ts';

/** A matrix to be spanned: all of what is run, or that of one variant. */
export interface MatrixSpan {
  readonly variant?: VariantName;
  readonly axes: MatrixAxes;
  /** The workloads of the axis, with the options that it gives them. */
  readonly workloads: readonly KnownWorkload[];
}

/**
 * The matrices that a preset and the options over it make: one, or one for each of its variants.
 *
 * @param given - all options, without what the variants have
 * @param over - the layers over those of the preset
 * @throws UsageError at the first value that cannot be, and where an option is given that the variants are told by
 */
export function spansOf(
  { name: presetName, variants }: Preset,
  given: GivenOptions,
  over: readonly OptionLayer[],
  workloads: NameableWorkloads,
): MatrixSpan[] {
  const spanOf = (options: GivenOptions): MatrixSpan => {
    const found = findWorkloads(options.workload, workloads);
    return { axes: parseAxes(options, found), workloads: found };
  };
  if (variants === undefined) return [spanOf(given)];
  return variants.map(({ name, lists }): MatrixSpan => {
    const layer = namedLayer(`preset ${presetName}, ${name}`, lists);
    const own = Object.entries(lists).map(([key, texts]) => {
      requireOpen(key as VariantKey, presetName, variants, over);
      const { level } = given[key as VariantKey];
      return [key, { texts, origin: layer.origin(key as VariantKey), level }] as const;
    });
    return { variant: name, ...spanOf({ ...given, ...Object.fromEntries(own) }) };
  });
}

/** Refuses an option that the variants are told by. */
function requireOpen(
  key: VariantKey,
  presetName: string,
  variants: NonNullable<Preset['variants']>,
  over: readonly OptionLayer[],
): void {
  const layer = over.find(({ lists }) => lists[key] !== undefined);
  if (layer === undefined) return;
  const sides = variants.map(({ name, lists }) => `${(lists[key] ?? []).join(', ')} ${name}`);
  throw new UsageError(
    `${layer.origin(key)} ${(layer.lists[key] ?? []).join()}: preset ${presetName} compares ${sides.join(' with ')}; leave it out, or choose a preset without variants`,
  );
}

/** The axes of several matrices as one: what each of them has, once, in their order. */
export function allAxes(spans: readonly MatrixSpan[]): MatrixAxes {
  const [first, ...others] = spans;
  if (first === undefined) throw new RangeError('there is no matrix');
  const union = (key: VariantKey): string[] => [...new Set(spans.flatMap(({ axes }) => axes[key]))];
  if (others.length === 0) return first.axes;
  const stages = inOneOrder(spans.map(({ axes }) => axes.stages));
  return { ...first.axes, kernel: union('kernel'), workload: union('workload'), stages };
}

/** The workloads of several matrices, each once. */
export function workloadsOf(spans: readonly MatrixSpan[]): KnownWorkload[] {
  return [...new Map(spans.flatMap(({ workloads }) => workloads).map((one) => [one.name, one])).values()];
}
