/** What two documents differ in besides their results: a gain from another machine is no gain. */
import { DIMENSIONS, stagesOf } from '../cells.ts';
import type { Dimension } from '../cells.ts';
import type { ProfileNote, ResultDocument } from '../schema.ts';

/** Something that is not the same in two documents. */
export interface Difference {
  /** One line. */
  readonly text: string;
  /** Whether times can no longer be set against each other as the work of the strategies. */
  readonly isWarning: boolean;
  /** Whether the two are of different machines, kernels, programs or draws, so that there is nothing to be compared. */
  readonly isMismatch?: boolean;
}

/** Dimensions whose values are no choice of whoever compares strategies: another one is another experiment. */
const EXPERIMENT: ReadonlySet<Dimension['key']> = new Set(['profile', 'kernel', 'workload', 'seed']);
/** Values of a dimension that are named. */
const MAX_VALUES = 3;

/** Costs that are named before the rest is counted. */
const MAX_COSTS = 4;

/** The dimensions in which each document has one value, and not the same. */
export function crossedDimensions(base: ResultDocument, head: ResultDocument): readonly Dimension[] {
  return DIMENSIONS.filter((dimension) => {
    const [before, after] = [onlyValue(base, dimension), onlyValue(head, dimension)];
    return before !== undefined && after !== undefined && before !== after;
  });
}

/** Every difference, warnings first. */
export function differencesOf(
  base: ResultDocument,
  head: ResultDocument,
  crossed: readonly Dimension[],
): readonly Difference[] {
  const all = [
    ...crossed.map((dimension) => crossedDifference(base, head, dimension)),
    ...disjointDifferences(base, head, crossed),
    ...profileDifferences(base, head),
    ...kernelDifferences(base, head),
    ...workloadDifferences(base, head),
    ...toolDifference(base, head),
    ...stageDifference(base, head),
    ...strategyDifferences(base, head),
  ];
  return [...all.filter(({ isWarning }) => isWarning), ...all.filter(({ isWarning }) => !isWarning)];
}

function onlyValue({ cells }: ResultDocument, { key }: Dimension): string | undefined {
  const values = new Set(cells.map(({ cell }) => String(cell[key])));
  return values.size === 1 ? [...values][0] : undefined;
}

function crossedDifference(base: ResultDocument, head: ResultDocument, { key, label, show }: Dimension): Difference {
  const [before, after] = [base.cells[0]?.cell, head.cells[0]?.cell];
  const values = `${before === undefined ? '' : show(before)} → ${after === undefined ? '' : show(after)}`;
  // Another strategy is what one compares; anything else is another experiment.
  return key === 'strategy'
    ? { text: `strategy ${values}`, isWarning: false }
    : {
        text: `${label} ${values}: a gain from another ${key === 'vcpus' ? 'number of vCPUs' : label} is no gain`,
        isWarning: true,
        ...(EXPERIMENT.has(key) && { isMismatch: true }),
      };
}

/** Several values on a side, and none of them on the other: no cell of one is in the other. */
function disjointDifferences(
  base: ResultDocument,
  head: ResultDocument,
  crossed: readonly Dimension[],
): readonly Difference[] {
  return DIMENSIONS.filter((dimension) => EXPERIMENT.has(dimension.key) && !crossed.includes(dimension)).flatMap(
    ({ label, show }) => {
      const valuesOf = ({ cells }: ResultDocument): readonly string[] => [
        ...new Set(cells.map(({ cell }) => show(cell))),
      ];
      const [before, after] = [valuesOf(base), valuesOf(head)];
      if (before.length === 0 || after.length === 0 || before.some((value) => after.includes(value))) return [];
      const list = (values: readonly string[]): string =>
        [...values.slice(0, MAX_VALUES), ...(values.length > MAX_VALUES ? ['…'] : [])].join(', ');
      return [
        { text: `${label} ${list(before)} → ${list(after)}: no cell is in both`, isWarning: true, isMismatch: true },
      ];
    },
  );
}

function profileDifferences(base: ResultDocument, head: ResultDocument): readonly Difference[] {
  return head.profiles.flatMap((after) => {
    const before = base.profiles.find(({ name }) => name === after.name);
    if (before === undefined) return [];
    const costs = costDifferences(before, after);
    if (before.hash !== null && after.hash !== null ? before.hash === after.hash : costs.length === 0) return [];
    const shown = costs.slice(0, MAX_COSTS);
    const rest = costs.length - shown.length;
    const what =
      costs.length === 0
        ? 'its cores or features'
        : `${shown.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
    return [
      {
        text: `profile ${after.name} has changed (${what}): a gain from another profile is no gain`,
        isWarning: true,
        isMismatch: true,
      },
    ];
  });
}

function costDifferences(before: ProfileNote, after: ProfileNote): readonly string[] {
  const old = new Map(before.costs.map(({ name, value }) => [name, value]));
  const now = new Map(after.costs.map(({ name, value }) => [name, value]));
  const digits = (value: number | undefined): string =>
    value === undefined ? 'none' : String(Number(value.toPrecision(4)));
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => `${name} ${digits(old.get(name))} → ${digits(now.get(name))}`);
}

function toolDifference({ tool: before }: ResultDocument, { tool: after }: ResultDocument): readonly Difference[] {
  if (before.version === after.version) return [];
  const text = `s2bench ${before.version} → ${after.version}: the model may have changed, not the strategies alone`;
  return [{ text, isWarning: true }];
}

function stageDifference(base: ResultDocument, head: ResultDocument): readonly Difference[] {
  const [before, after] = [stagesOf(base.cells), stagesOf(head.cells)];
  const only = (of: typeof before, other: typeof before, where: string): readonly Difference[] => {
    const names = of.filter((stage) => !other.includes(stage));
    return names.length === 0 || other.length === 0
      ? []
      : [{ text: `only ${where} has ${names.join(', ')}`, isWarning: false }];
  };
  return [...only(before, after, 'the base'), ...only(after, before, 'the other')];
}

/** What both documents have, and of which both have a hash, but not the same one. */
function changedOnes<T extends { readonly name: string; readonly hash?: string | undefined }>(
  base: readonly T[] = [],
  head: readonly T[] = [],
): readonly T[] {
  return head.filter(({ name, hash }) => {
    const before = base.find((one) => one.name === name)?.hash;
    return before !== undefined && hash !== undefined && before !== hash;
  });
}

function kernelDifferences(base: ResultDocument, head: ResultDocument): readonly Difference[] {
  return changedOnes(base.kernels, head.kernels).map(({ name }) => ({
    text: `kernel model ${name} has changed: a gain from another kernel is no gain`,
    isWarning: true,
    isMismatch: true,
  }));
}

/** A workload that comes with s2bench may have been written anew and do the same; one of somebody else is another program. */
function workloadDifferences(base: ResultDocument, head: ResultDocument): readonly Difference[] {
  return changedOnes(base.workloads, head.workloads).map(({ name, isShipped }) =>
    isShipped
      ? { text: `workload ${name}: its code has changed, and perhaps what it does`, isWarning: true }
      : {
          text: `workload ${name} has changed: a gain from another workload is no gain`,
          isWarning: true,
          isMismatch: true,
        },
  );
}

function strategyDifferences(base: ResultDocument, head: ResultDocument): readonly Difference[] {
  const changed = new Set(changedOnes(base.strategies, head.strategies).map(({ name }) => name));
  return head.strategies.flatMap(({ name, version }) => {
    const before = base.strategies.find((strategy) => strategy.name === name);
    if (before === undefined) return [];
    const [old, now] = [before.version, version].map((one) => one ?? 'without version');
    const words = [
      ...(old === now ? [] : [`${String(old)} → ${String(now)}`]),
      ...(changed.has(name) ? ['its code has changed'] : []),
    ];
    return words.length === 0
      ? []
      : [{ text: `strategy ${name}${old === now ? ':' : ''} ${words.join(': ')}`, isWarning: false }];
  });
}
