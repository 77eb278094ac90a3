/** What a run is asked to do: flags over the config file over a preset. */
import { dirname, resolve } from 'node:path';
import type { Workload } from '@s2bench/workloads';
import { UsageError } from '../cli/usage-error.ts';
import { type ConfigFile, readConfig } from '../config/read.ts';
import { strategyPathsOf } from '../config/strategy-paths.ts';
import { parseRedisAddress, type RedisAddress } from '../executor/redis/address.ts';
import { looksLikePath, relativeSpec } from '../plugins/locate.ts';
import { baseOf, withBase } from '../plugins/strategy-text.ts';
import { DEFAULT_PRESET, type Preset, PRESETS } from '../presets/index.ts';
import { type MatrixAxes, parseAxes } from './axes.ts';
import { parseShard, type ShardChoice } from '../shard/parse.ts';
import { parseChoice } from './choice.ts';
import { parseInteger } from './integer.ts';
import { readJobs } from './jobs.ts';
import { flagLayer, type GivenOptions, mergeLayers, namedLayer, type OptionLayer } from './layers.ts';
import { type OutFolder, outFolder, reportFolder, SHARDS_FOLDER } from './out-folder.ts';
import { LIST_KEYS, type ListKey, type ListTexts, type OptionedKey, splitListOf } from './run-flags.ts';

/** The flags of `s2bench run` as they were written. */
export interface RunFlags
  extends
    Partial<Record<Exclude<ListKey, OptionedKey>, string>>,
    Partial<Record<OptionedKey, string | readonly string[]>> {
  readonly preset?: string;
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly jobs?: string;
  readonly cellTimeout?: string;
  readonly resume?: boolean;
  readonly shard?: string;
  readonly executor?: string;
  readonly exact?: boolean;
  readonly verify?: boolean;
}

/** What a run is asked to do. */
export interface RunRequest {
  readonly preset: Preset;
  /** The preset comes with s2bench, not from the config file. */
  readonly presetIsBuiltIn: boolean;
  /** The matrix is the preset's, whatever is explored. */
  readonly isSameMatrix: boolean;
  /** Nothing that a result depends on differs from the preset. */
  readonly isExactlyPreset: boolean;
  /** The axes of the preset alone. */
  readonly presetAxes: MatrixAxes;
  readonly axes: MatrixAxes;
  /** Where each option came from, for messages. */
  readonly given: GivenOptions;
  readonly config: ConfigFile | undefined;
  readonly exact: boolean;
  /** Strategies are explored too. */
  readonly verify: boolean;
  /** Which part of the matrix; left out: all of it. */
  readonly shard?: ShardChoice;
  readonly jobs: number;
  /** Workers at a Redis server run the cells; left out: this machine does. */
  readonly executor?: RedisAddress;
  readonly cellTimeoutS: number;
  readonly json: boolean;
  readonly resume: boolean;
  /** Folder of the report, and the option that named it; `undefined` where none is to be written. */
  readonly out: OutFolder | undefined;
  /** More strategies, from the config file, absolute. */
  readonly strategyPaths: readonly string[];
}

const DEFAULT_CELL_TIMEOUT_S = 300;
/** A Node timer holds no more than 2^31 ms. */
const MAX_CELL_TIMEOUT_S = 2_000_000;

/**
 * Reads what a run is asked to do.
 *
 * @throws UsageError at the first thing that cannot be
 */
export async function readRunRequest(
  flags: RunFlags,
  cwd: string,
  workloads: readonly Workload[],
): Promise<RunRequest> {
  const config = await readConfig(cwd, flags.config);
  const { preset, isBuiltIn } = choosePreset(flags, config, cwd);
  const presetLayers = [
    namedLayer(`preset ${DEFAULT_PRESET.name}`, DEFAULT_PRESET.lists),
    namedLayer(`${isBuiltIn ? 'preset' : `${config?.displayName ?? ''}: presets`} ${preset.name}`, preset.lists),
  ];
  const layers: OptionLayer[] = [...presetLayers];
  if (config !== undefined)
    layers.push(namedLayer(config.displayName, fromConfigFolder(listsOf(config.config), config, cwd)));
  layers.push(flagLayer(listsOfFlags(flags)));
  const given = mergeLayers(layers);
  const axes = parseAxes(given, workloads);
  const presetAxes = parseAxes(mergeLayers(presetLayers), workloads);
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const exact = flags.exact ?? config?.config.exact ?? preset.exact ?? false;
  const isSameMatrix = sameAxes(axes, presetAxes) && exact === (preset.exact ?? false);
  // A part of a preset's matrix is run again and again while a strategy is written: there it is asked for.
  const verify = flags.verify ?? config?.config.verify ?? (isSameMatrix && (preset.verify ?? false));
  const isExactlyPreset = isSameMatrix && verify === (preset.verify ?? false);
  return {
    preset,
    presetIsBuiltIn: isBuiltIn,
    isSameMatrix,
    isExactlyPreset,
    presetAxes,
    axes,
    given,
    config,
    exact,
    verify,
    ...(shard && { shard }),
    jobs: readJobs(flags.jobs, config?.config.jobs),
    ...(flags.executor !== undefined && { executor: executorOf(flags.executor, flags.jobs) }),
    cellTimeoutS: cellTimeoutOf(flags, config),
    json: flags.json ?? false,
    resume: flags.resume ?? false,
    out: outFolder(flags, config, shard ? SHARDS_FOLDER : isExactlyPreset ? reportFolder(preset.name) : undefined, cwd),
    strategyPaths: strategyPathsOf(config),
  };
}

function sameAxes(a: MatrixAxes, b: MatrixAxes): boolean {
  return LIST_KEYS.every((key) => a[key]?.join() === b[key]?.join());
}

/** The presets that a config file adds. */
export function configPresets(config: ConfigFile | undefined, cwd: string): Preset[] {
  if (config === undefined) return [];
  return Object.entries(config.config.presets ?? {}).map(([name, preset]) => {
    if (PRESETS.some((other) => other.name === name)) {
      throw new UsageError(`${config.displayName}: presets.${name}: s2bench has a preset of that name; choose another`);
    }
    const { title = name, summary = `of ${config.displayName}`, exact, verify, comparisons } = preset;
    const lists = fromConfigFolder(listsOf(preset), config, cwd);
    const rest = {
      ...(exact !== undefined && { exact }),
      ...(verify !== undefined && { verify }),
      ...(comparisons && { comparisons }),
    };
    return { name, title, summary, lists, ...rest };
  });
}

function choosePreset(
  flags: RunFlags,
  config: ConfigFile | undefined,
  cwd: string,
): { preset: Preset; isBuiltIn: boolean } {
  const own = configPresets(config, cwd);
  const all = [...PRESETS, ...own];
  const origin = flags.preset === undefined ? `${config?.displayName ?? ''}: preset` : '--preset';
  const wanted = flags.preset ?? config?.config.preset ?? DEFAULT_PRESET.name;
  const name = parseChoice(
    wanted,
    origin,
    'preset',
    all.map((preset) => preset.name),
  );
  const preset = all.find((one) => one.name === name) ?? DEFAULT_PRESET;
  return { preset, isBuiltIn: PRESETS.includes(preset) };
}

function listsOf(source: { readonly [Key in ListKey]?: readonly string[] | undefined }): ListTexts {
  return Object.fromEntries(LIST_KEYS.flatMap((key) => (source[key] === undefined ? [] : [[key, source[key]]])));
}

function listsOfFlags(flags: RunFlags): ListTexts {
  return Object.fromEntries(
    LIST_KEYS.flatMap((key) => {
      const texts = flags[key];
      return texts === undefined ? [] : [[key, [texts].flat().flatMap((text) => splitListOf(key, text))]];
    }),
  );
}

/** Paths in a config file are relative to its folder. */
function fromConfigFolder(lists: ListTexts, config: ConfigFile, cwd: string): ListTexts {
  const fromFolder = (text: string): string =>
    looksLikePath(text) ? relativeSpec(resolve(dirname(config.path), text), cwd) : text;
  return {
    ...lists,
    ...(lists.strategy && { strategy: lists.strategy.map((text) => withBase(text, fromFolder(baseOf(text)))) }),
    ...(lists.profile && { profile: lists.profile.map(fromFolder) }),
  };
}

function executorOf(text: string, jobs: string | undefined): RedisAddress {
  if (jobs !== undefined)
    throw new UsageError(`--jobs ${jobs}: with --executor each worker has its own; say it to "s2bench worker"`);
  return parseRedisAddress(text, '--executor');
}

function cellTimeoutOf(flags: RunFlags, config: ConfigFile | undefined): number {
  const range = { min: 1, max: MAX_CELL_TIMEOUT_S, example: DEFAULT_CELL_TIMEOUT_S };
  if (flags.cellTimeout !== undefined) return parseInteger(flags.cellTimeout, '--cell-timeout', range);
  return config?.config.cellTimeout ?? DEFAULT_CELL_TIMEOUT_S;
}
