/** Puts a result document together: cells, verdicts, published figures, and which machine it ran on. */
import { createHash } from 'node:crypto';
import { kernelModelOf } from '@s2bench/kernel';
import { ALL_COST_NAMES, type Profile } from '@s2bench/machine';
import {
  type Cell,
  type CellResult,
  type Comparison,
  type Environment,
  type ProfileNote,
  type PublishedFigure,
  type ResultDocument,
  resultDocumentSchema,
  SCHEMA_VERSION,
  type Shard,
  type StageName,
} from '@s2bench/report/schema';
import { type Preset, type PublishedFigures, STUDIES } from '@s2bench/studies';
import { UsageError } from '../cli/errors.ts';
import { toolVersion } from '../cli/installation.ts';
import { strategyOf } from '../options/kernels.ts';
import { formatSize } from '../options/values.ts';
import type { ContentHashes } from '../plan/content-hash.ts';
import type { KnownStrategy } from '../plugins/probe.ts';
import type { KnownWorkload } from '../plugins/workloads.ts';
import type { Verdicts } from './verdicts.ts';

/** What a document is made of. */
export interface DocumentParts {
  readonly command: string;
  /** The preset, where the matrix is exactly that. */
  readonly preset: Preset | undefined;
  /** Where the results are a part of the matrix. */
  readonly shard: Shard | undefined;
  readonly comparisons: readonly Comparison[];
  /** The two sides of the preset, where it has them, and what is to be said beside its published figures. */
  readonly series: Pick<Preset, 'variants' | 'remarks'>;
  readonly strategies: readonly KnownStrategy[];
  readonly workloads: readonly KnownWorkload[];
  readonly hashes: ContentHashes;
  /** Kernel models, with their options. */
  readonly kernels: readonly string[];
  readonly profiles: readonly Profile[];
  readonly stages: readonly StageName[];
  /** In the order of the matrix. */
  readonly results: readonly CellResult[];
  /** What was explored; none where nothing was to be. */
  readonly verdicts: Verdicts | undefined;
  /** Where it is made, if that is to be said. */
  readonly environment?: Environment;
}

/** Makes the document. The same parts give the same document: no date, no duration, no path is in it, unless where it is
 * made is to be said. */
export function makeDocument(parts: DocumentParts): ResultDocument {
  const { preset, series, shard, strategies, verdicts } = parts;
  const names = new Set(strategies.map(({ name }) => name));
  // A comparison needs both of its strategies; a part of the preset's matrix may lack one.
  const comparisons = parts.comparisons.filter(({ from, to }) => names.has(from) && names.has(to));
  return resultDocumentSchema.parse({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 's2bench', version: toolVersion() },
    command: parts.command,
    ...(preset && { preset: preset.name, title: preset.title }),
    ...(shard && { shard }),
    ...(comparisons.length > 0 && { comparisons }),
    ...(series.variants && { variants: series.variants.map(({ name, standsFor }) => ({ name, standsFor })) }),
    ...(series.remarks && { remarks: [...series.remarks] }),
    strategies: strategies.map(({ name, summary, source, location: { version } }) => ({
      name,
      ...(version !== undefined && { version }),
      hash: parts.hashes.strategies.get(name),
      summary,
      source,
    })),
    kernels: parts.kernels.map((kernel) => {
      const { name, summary } = kernelModelOf(kernel);
      return { name, hash: parts.hashes.kernels.get(name), summary };
    }),
    workloads: parts.workloads.map(({ name, summary, location }) => ({
      name,
      version: location === undefined ? toolVersion() : location.version,
      hash: parts.hashes.workloads.get(name),
      summary,
      isShipped: location === undefined,
    })),
    profiles: parts.profiles.map(profileNote),
    cells: parts.results.map((result) => withVerdict(withPublished(result, parts.stages), parts.verdicts)),
    ...(verdicts && verdicts.pages.length > 0 && { counterexamples: verdicts.pages }),
    ...(parts.environment && { environment: parts.environment }),
  });
}

function withPublished(result: CellResult, stages: readonly StageName[]): CellResult {
  if (result.status !== 'ok') return result;
  const published = publishedFor(result.cell, stages);
  return published.length === 0 ? result : { ...result, published };
}

function withVerdict(result: CellResult, verdicts: Verdicts | undefined): CellResult {
  return verdicts === undefined ? result : { ...result, verdict: verdicts.of(result.cell) };
}

function profileNote(profile: Profile): ProfileNote {
  const { name, summary, costs, calibration } = profile;
  return {
    name,
    summary,
    hash: profileHash(profile),
    costs: ALL_COST_NAMES.flatMap((cost) => {
      const given = costs[cost];
      if (given === undefined) return [];
      const { valueNs, provenance, source } = given;
      return [{ name: cost, value: valueNs, unit: 'ns', provenance, source }];
    }),
    ...(calibration && { calibration }),
  };
}

/**
 * The published figures of a cell's stages.
 *
 * A figure was measured on one machine, with one test, in one history: a cell on another profile, or with another
 * workload, history or page size, has none, however alike the rest is. Nor has one outside of the preset that compares both
 * sides, where the figure is of a side.
 */
export function publishedFor(cell: Cell, stages: readonly StageName[]): PublishedFigure[] {
  return STUDIES.flatMap(({ figures }) => (figures === undefined ? [] : figuresOf(figures, cell, stages)));
}

function figuresOf(
  { machine, stageTimes }: PublishedFigures,
  cell: Cell,
  stages: readonly StageName[],
): PublishedFigure[] {
  if (
    cell.profile !== machine.profile ||
    cell.history !== machine.history ||
    formatSize(cell.pageSizeBytes) !== machine.pageSize
  ) {
    return [];
  }
  const backing = `${cell.backing}-${formatSize(cell.granuleBytes)}`;
  const memory = formatSize(cell.memoryBytes);
  return stageTimes
    .filter(
      (figure) =>
        figure.backing === backing &&
        figure.memory === memory &&
        figure.vcpus === cell.vcpus &&
        (figure.workload ?? machine.workload) === cell.workload &&
        figure.variant === cell.variant &&
        figure.kernel === cell.kernel &&
        strategyOf(figure) === cell.strategy &&
        stages.includes(figure.stage),
    )
    .map(({ stage, seconds, source, metric }) => ({
      stage,
      seconds: [...seconds],
      source,
      ...(metric !== undefined && { metric }),
    }));
}

/**
 * SHA-256 of all that a simulated time depends on in a profile: features, cores and the costs' values. Name, summary,
 * sources and residuals are not in it, nor is the order of the file's keys: a better comment is not another machine.
 */
export function profileHash({ features, cores, costs, tlb }: Profile): string {
  const said = {
    fwb: features.fwb,
    rangeTlbi: features.rangeTlbi,
    // What a profile does not say is not in it, so that a hash of before still fits.
    ...(features.bbmLevel !== undefined && { bbmLevel: features.bbmLevel }),
    ...(features.dic !== undefined && { dic: features.dic }),
    ...(features.idc !== undefined && { idc: features.idc }),
    cores,
    costs: ALL_COST_NAMES.flatMap((name) => {
      const cost = costs[name];
      return cost === undefined ? [] : [[name, cost.valueNs]];
    }),
    ...(tlb !== undefined && { tlbEntries: tlb.entries }),
  };
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/**
 * Refuses a matrix of which nothing can exist.
 *
 * @param drop - what to do before: takes away what was kept of it
 * @throws UsageError with the reason of the first cell
 */
export function requireSomething(results: readonly CellResult[], drop: () => void = () => undefined): void {
  const [first] = results;
  if (first?.status !== 'skipped' || results.some(({ status }) => status !== 'skipped')) return;
  drop();
  throw new UsageError(`no cell of this matrix can exist: ${first.reason}`);
}
