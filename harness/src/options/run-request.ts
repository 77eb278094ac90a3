/**
 * What a run is asked to do: flags over the config file over a preset; and the normalised command, which asks for it
 * again.
 */
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DEFAULT_PRESET, type Preset, PRESETS } from '@s2bench/studies';
import type { GridLayout } from '@s2bench/report';
import type { Workload } from '@s2bench/workloads';
import { UsageError } from '../cli/errors.ts';
import { looksLikePath, relativeSpec } from '../plugins/locate.ts';
import { baseOf, expandStrategy, joinStrategies, withBase } from '../plugins/strategy-text.ts';
import { type KnownWorkload, loadForeignWorkloads } from '../plugins/workloads.ts';
import type { MatrixAxes } from './axes.ts';
import { allAxes, type MatrixSpan, spansOf, workloadsOf } from './variants.ts';
import { type CellFilter, parseFilter } from './filter.ts';
import { formatGranule } from './granules.ts';
import { type ConfigFile, readConfig, strategyPathsOf } from './config.ts';
import { type LayoutFlags, readLayout } from './layout.ts';
import {
  flagLayer,
  type GivenOptions,
  LIST_FLAGS,
  LIST_KEYS,
  type ListKey,
  type ListTexts,
  hasOptions,
  type OptionedKey,
  mergeLayers,
  namedLayer,
  type OptionLayer,
  splitListOf,
} from './run-flags.ts';
import { readTraceTarget, type TraceFlags, type TraceTarget } from './trace-target.ts';
import {
  CELL_TIMEOUT_RANGE,
  formatSize,
  parseChoice,
  parseInteger,
  parseRedisAddress,
  parseShard,
  readJobs,
  type RedisAddress,
  type ShardChoice,
} from './values.ts';

/** The flags of `s2bench run` as they were written. */
export interface RunFlags
  extends
    Partial<Record<Exclude<ListKey, OptionedKey>, string>>,
    Partial<Record<OptionedKey, string | readonly string[]>>,
    TraceFlags,
    LayoutFlags {
  readonly preset?: string;
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly jobs?: string;
  readonly cellTimeout?: string;
  readonly resume?: boolean;
  readonly shard?: string;
  readonly executor?: string;
  readonly secretFile?: string;
  readonly exact?: boolean;
  readonly verify?: boolean;
  readonly recheck?: boolean;
  readonly filter?: string;
  readonly dryRun?: boolean;
  readonly cache?: boolean;
  readonly format?: 'csv' | 'ktap';
  readonly recordEnvironment?: boolean;
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
  /** Of a preset with two variants the values of both. */
  readonly axes: MatrixAxes;
  /** The workloads of the axis, with the options that it gives them. */
  readonly workloads: readonly KnownWorkload[];
  /** What is spanned: the axes, or those of each variant. */
  readonly spans: readonly MatrixSpan[];
  /** Where each option came from, for messages. */
  readonly given: GivenOptions;
  readonly config: ConfigFile | undefined;
  readonly exact: boolean;
  /** Strategies are explored too. */
  readonly verify: boolean;
  /** A cell of each strategy is run again, and must give the same. */
  readonly recheck: boolean;
  /** Which cells of the matrix are wanted; left out: all. */
  readonly filter?: CellFilter;
  /** Says what would be run, and runs no cell. */
  readonly dryRun: boolean;
  /** Verdicts of earlier runs count, where nothing has changed that they depend on. */
  readonly cache: boolean;
  /** Which part of the matrix; left out: all of it. */
  readonly shard?: ShardChoice;
  readonly jobs: number;
  /** Workers at a Redis server run the cells; left out: this machine does. */
  readonly executor?: RedisAddress;
  /** The file of the secret that they know. */
  readonly secretFile?: string;
  readonly cellTimeoutS: number;
  readonly json: boolean;
  /** Printed in the place of the table. */
  readonly format?: 'csv' | 'ktap';
  /** How the table is laid out, where that is not one row for each cell. */
  readonly layout?: GridLayout;
  readonly resume: boolean;
  /** The result says where it was made. */
  readonly recordEnvironment: boolean;
  /** Folder of the report, and the option that named it; `undefined` where none is to be written. */
  readonly out: OutFolder | undefined;
  /** Where a trace of the cells goes, if one is wanted. */
  readonly trace?: TraceTarget;
  /** More strategies, from the config file, absolute. */
  readonly strategyPaths: readonly string[];
}

const DEFAULT_CELL_TIMEOUT_S = 300;

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
  const { texts, origin } = given.workload;
  const foreign = await loadForeignWorkloads(
    texts.flatMap((text) => expandStrategy(text, origin)),
    { cwd, origin, builtIn: workloads },
  );
  const nameable = { builtIn: workloads, foreign };
  const spans = spansOf(preset, given, layers.slice(presetLayers.length), nameable);
  requireLocal(workloadsOf(spans), flags.executor, origin);
  const axes = allAxes(spans);
  const presetAxes = allAxes(spansOf(preset, mergeLayers(presetLayers), [], nameable));
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const exact = flags.exact ?? config?.config.exact ?? preset.exact ?? false;
  const trace = readTraceTarget(flags, cwd);
  const [hook] = (['logStart', 'logStop'] as const).filter((key) => axes[key] !== undefined);
  if (hook !== undefined && flags.executor !== undefined)
    throw new UsageError(
      `${given[hook]?.origin ?? ''}: not with --executor: workers elsewhere load strategies without the hooks of others; leave --executor out`,
    );
  const layout = readLayout(flags);
  const filter = flags.filter === undefined ? undefined : parseFilter(flags.filter, '--filter');
  const isSameMatrix = sameAxes(axes, presetAxes) && filter === undefined && exact === (preset.exact ?? false);
  // A part of a preset's matrix is run again and again while a strategy is written: there it is asked for.
  const verify = flags.verify ?? config?.config.verify ?? (isSameMatrix && (preset.verify ?? false));
  const isExactlyPreset = isSameMatrix && verify === (preset.verify ?? false);
  const unasked = shard ? SHARDS_FOLDER : isExactlyPreset ? reportFolder(preset.name) : undefined;
  const out = outFolder(flags, config, unasked, cwd);
  return {
    preset,
    presetIsBuiltIn: isBuiltIn,
    isSameMatrix,
    isExactlyPreset,
    presetAxes,
    axes,
    workloads: workloadsOf(spans),
    spans,
    given,
    config,
    exact,
    verify,
    recheck: flags.recheck ?? true,
    ...(filter && { filter }),
    ...(trace && { trace }),
    dryRun: flags.dryRun ?? false,
    cache: flags.cache ?? true,
    ...(shard && { shard }),
    jobs: readJobs(flags.jobs, config?.config.jobs),
    ...(flags.executor !== undefined && { executor: executorOf(flags.executor, flags.jobs) }),
    ...(flags.secretFile !== undefined && { secretFile: secretFileOf(flags.secretFile, flags.executor) }),
    cellTimeoutS: cellTimeoutOf(flags, config),
    json: flags.json ?? false,
    ...(flags.format && { format: flags.format }),
    ...(layout && { layout }),
    resume: flags.resume ?? false,
    recordEnvironment: flags.recordEnvironment ?? false,
    out: flags.recordEnvironment === true ? privateFolder(out) : out,
    strategyPaths: strategyPathsOf(config),
  };
}

/** Workers at a server have the workloads of s2bench alone. */
function requireLocal(workloads: readonly KnownWorkload[], executor: string | undefined, origin: string): void {
  const foreign = workloads.find(({ location }) => location !== undefined);
  if (executor !== undefined && foreign !== undefined)
    throw new UsageError(
      `${origin} ${foreign.location?.spec ?? foreign.name}: workers of --executor have the workloads of s2bench alone; leave out --executor`,
    );
}

/** Refuses the folder of the committed reports for what is of one machine. */
function privateFolder(out: OutFolder | undefined): OutFolder | undefined {
  if (out !== undefined && basename(dirname(out.folder)) === dirname(reportFolder('name')))
    throw new UsageError(
      `--record-environment: not in ${relative(process.cwd(), out.folder)}, since a committed report is the same on every machine; name another folder, for example --out here`,
    );
  return out;
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
    ...(lists.logStart && { logStart: lists.logStart.map((text) => withBase(text, fromFolder(baseOf(text)))) }),
    ...(lists.logStop && { logStop: lists.logStop.map((text) => withBase(text, fromFolder(baseOf(text)))) }),
    ...(lists.workload && { workload: lists.workload.map((text) => withBase(text, fromFolder(baseOf(text)))) }),
    ...(lists.profile && { profile: lists.profile.map(fromFolder) }),
  };
}

function executorOf(text: string, jobs: string | undefined): RedisAddress {
  if (jobs !== undefined)
    throw new UsageError(`--jobs ${jobs}: with --executor each worker has its own; say it to "s2bench worker"`);
  return parseRedisAddress(text, '--executor');
}

function secretFileOf(file: string, executor: string | undefined): string {
  if (executor === undefined)
    throw new UsageError(`--secret-file ${file}: only workers know a secret; name their server with --executor`);
  return file;
}

function cellTimeoutOf(flags: RunFlags, config: ConfigFile | undefined): number {
  if (flags.cellTimeout !== undefined) return parseInteger(flags.cellTimeout, '--cell-timeout', CELL_TIMEOUT_RANGE);
  return config?.config.cellTimeout ?? DEFAULT_CELL_TIMEOUT_S;
}

/** A folder for files, and the option that named it. */
export interface OutFolder {
  readonly folder: string;
  readonly origin: string;
}

/** Where shards go unasked: all of them into one folder, as `s2bench merge results/*.json` wants them. */
export const SHARDS_FOLDER = 'results';

/** Where the report of a preset's own matrix goes unasked. */
export function reportFolder(presetName: string): string {
  return join('reports', presetName);
}

/**
 * The folder of `--out`, else, without `--json`, that of the config file, else the default.
 *
 * @param byDefault - relative to the current directory; `undefined` where nothing is written unasked
 */
export function outFolder(
  flags: { readonly out?: string; readonly json?: boolean },
  config: ConfigFile | undefined,
  byDefault: string | undefined,
  cwd: string,
): OutFolder | undefined {
  if (flags.out !== undefined) {
    if (flags.out === '') throw new UsageError('--out: an empty name; name a folder, for example --out results');
    return { folder: resolve(cwd, flags.out), origin: `--out ${flags.out}` };
  }
  if (flags.json === true) return undefined;
  if (config?.config.out !== undefined) {
    const folder = resolve(dirname(config.path), config.config.out);
    return { folder, origin: `${config.displayName}: out ${config.config.out}` };
  }
  if (byDefault === undefined) return undefined;
  const folder = resolve(cwd, byDefault);
  return { folder, origin: `the report's folder ${relative(cwd, folder)}` };
}

/**
 * The normalised command: the preset, and what differs from it, in a fixed order and writing. It holds nothing that
 * a result does not depend on (workers, time-outs, folders) and no path of the machine.
 *
 * @param strategySpecs - how the command writes the strategies
 * @param hookSpecs - how it writes hooks
 * @param profileSpecs - how it writes the machine profiles
 */
export function commandText(
  request: RunRequest,
  strategySpecs: readonly string[],
  hookSpecs: { readonly logStart?: readonly string[]; readonly logStop?: readonly string[] },
  profileSpecs: readonly string[],
): string {
  const { preset, presetIsBuiltIn, presetAxes, exact, config, isExactlyPreset } = request;
  const workload = request.axes.workload.map(
    (name) => request.workloads.find((one) => one.name === name)?.location?.spec ?? name,
  );
  const axes = { ...request.axes, strategy: strategySpecs, ...hookSpecs, profile: profileSpecs, workload };
  const words = ['s2bench', 'run', '--preset', preset.name];
  if (!presetIsBuiltIn && config !== undefined) words.push('--config', config.displayName);
  for (const key of LIST_KEYS) {
    const texts = textsOf(axes, key);
    // What the config file says would come back when the command is run beside it.
    const configSays = config?.config[key] !== undefined;
    if (texts === undefined || (!configSays && texts.join() === textsOf(presetAxes, key)?.join())) continue;
    for (const list of hasOptions(key) ? joinStrategies(texts) : [texts.join()]) words.push(LIST_FLAGS[key].flag, list);
  }
  if (request.filter !== undefined) words.push('--filter', request.filter.text);
  if (exact && preset.exact !== true) words.push('--exact');
  if (request.verify !== (request.isSameMatrix && preset.verify === true))
    words.push(request.verify ? '--verify' : '--no-verify');
  // A preset's own matrix leaves its document in its report; any other has to be asked for it.
  if (!isExactlyPreset) words.push('--json');
  return words.map(quote).join(' ');
}

function textsOf(axes: MatrixAxes, key: ListKey): readonly string[] | undefined {
  if (key === 'granule') return axes.granule?.map(formatGranule);
  if (key === 'memory' || key === 'pageSize') return axes[key].map(formatSize);
  return axes[key]?.map(String);
}

/** Quotes a word for a POSIX shell where it needs it. */
function quote(word: string): string {
  return /^[\w./,@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
