/** Puts a result document together. */
import { kernelModelOf } from '@s2bench/core';
import type { Profile } from '@s2bench/machine';
import {
  type CellResult,
  type Comparison,
  type ProfileNote,
  type ResultDocument,
  resultDocumentSchema,
  SCHEMA_VERSION,
  type Shard,
  type StageName,
} from '@s2bench/report/schema';
import { toolVersion } from '../cli/tool-version.ts';
import type { KnownStrategy } from '../pool/probe-strategies.ts';
import type { Preset } from '../presets/index.ts';
import { publishedFor } from '../published/published.ts';
import type { Verdicts } from '../verify/verdicts.ts';
import { profileHash } from './profile-hash.ts';

/** What a document is made of. */
export interface DocumentParts {
  readonly command: string;
  /** The preset, where the matrix is exactly that. */
  readonly preset: Preset | undefined;
  /** Where the results are a part of the matrix. */
  readonly shard: Shard | undefined;
  readonly comparisons: readonly Comparison[];
  readonly strategies: readonly KnownStrategy[];
  /** Kernel models, with their options. */
  readonly kernels: readonly string[];
  readonly profiles: readonly Profile[];
  readonly stages: readonly StageName[];
  /** In the order of the matrix. */
  readonly results: readonly CellResult[];
  /** What was explored; none where nothing was to be. */
  readonly verdicts: Verdicts | undefined;
}

/** Makes the document. The same parts give the same document: no date, no duration, no path is in it. */
export function makeDocument(parts: DocumentParts): ResultDocument {
  const { preset, shard, strategies, verdicts } = parts;
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
    strategies: strategies.map(({ name, summary, source, location: { version } }) => ({
      name,
      ...(version !== undefined && { version }),
      summary,
      source,
    })),
    kernels: parts.kernels.map((kernel) => {
      const { name, summary } = kernelModelOf(kernel);
      return { name, summary };
    }),
    profiles: parts.profiles.map(profileNote),
    cells: parts.results.map((result) => withVerdict(withPublished(result, parts.stages), parts.verdicts)),
    ...(verdicts && verdicts.pages.length > 0 && { counterexamples: verdicts.pages }),
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
    costs: Object.entries(costs).map(([cost, { valueNs, provenance, source }]) => ({
      name: cost,
      value: valueNs,
      unit: 'ns',
      provenance,
      source,
    })),
    ...(calibration && { calibration }),
  };
}
