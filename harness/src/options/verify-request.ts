/** What a verification is asked to do: which worlds, each in which history, under which rules and bounds. */
import { resolve } from 'node:path';
import {
  type AnyWorld,
  type Architecture,
  type Bounds,
  GENERATED,
  HISTORIES,
  HOOK_WORLDS,
  type History,
  LARGEST_WORLD,
  NAMED_WORLDS,
  REAL_WORLDS,
  RULE_NAMES,
  type RuleName,
  STRICTEST,
  VERDICT_WORLDS,
  VERIFIED_KERNEL,
} from '@s2bench/verify';
import { knownNames, nearestName, UsageError } from '../cli/errors.ts';
import { exploredKernel } from './kernels.ts';
import { looksLikePath } from '../plugins/locate.ts';
import { expandStrategy, splitStrategies } from '../plugins/strategy-text.ts';
import { readArch, textOf } from './arch-flag.ts';
import type { ConfigFile } from './config.ts';
import { splitList } from './run-flags.ts';
import { type OutFolder, outFolder } from './run-request.ts';
import { type IntegerRange, parseChoices, parseInteger, parseKernel, parseSize, readJobs } from './values.ts';
import { NO_WORLD_FILES, type WorldFiles } from './world-files.ts';

/** The flags that choose them, as they were written. */
export interface SettingFlags {
  readonly world?: string;
  readonly history?: string;
  readonly fwb?: string;
  readonly vcpus?: string;
  readonly logStart?: readonly string[];
  readonly logStop?: readonly string[];
}

/** A world in one of its histories, with FEAT_S2FWB or without. */
export interface Setting {
  readonly world: AnyWorld;
  readonly history: History;
  readonly fwb: boolean;
}

const ALL = 'all';
/** What a verdict takes where no world is named. */
const OF_A_VERDICT: readonly AnyWorld[] = [...VERDICT_WORLDS, ...REAL_WORLDS];
const WITH_NAMES: readonly AnyWorld[] = [...NAMED_WORLDS, ...REAL_WORLDS];
const FWB = ['off', 'on'] as const;

/**
 * The settings that flags choose: in the order of the worlds, whatever the order of the flags.
 *
 * @param files - the worlds of the files among them
 * @throws UsageError where a name is unknown, or nothing is left
 */
export function readSettings(flags: SettingFlags, files: WorldFiles = NO_WORLD_FILES): Setting[] {
  const worlds = worldsOf(flags, files);
  const settings = meantOf(worlds, flags);
  if (settings.length === 0) {
    const theirs = worlds.map((world) => `${world.name} has ${world.histories.join(' and ')}`).join(', ');
    throw new UsageError(`--history ${flags.history ?? ''}: no world that was chosen has it; ${theirs}`);
  }
  return settings;
}

/** The settings that a strategy with hooks is explored in besides, where no world was named. */
function readHookSettings(flags: SettingFlags): Setting[] {
  if (flags.world !== undefined) return [];
  const numbers = flags.vcpus === undefined ? undefined : splitList(flags.vcpus).map(Number);
  return meantOf(
    HOOK_WORLDS.filter(({ vcpus }) => numbers?.includes(vcpus.length) ?? true),
    flags,
  );
}

/** The settings of worlds that the flags mean. */
function meantOf(worlds: readonly AnyWorld[], flags: SettingFlags): Setting[] {
  const fwb = flags.fwb === undefined ? FWB : parseChoices(flags.fwb, '--fwb', 'setting', FWB);
  const wanted =
    flags.history === undefined ? HISTORIES : parseChoices(flags.history, '--history', 'history', HISTORIES);
  return spread(worlds).filter((each) => wanted.includes(each.history) && fwb.includes(each.fwb ? 'on' : 'off'));
}

/** Whether nothing is left out that a verdict takes. */
export function isWhole(settings: readonly Setting[]): boolean {
  const chosen = new Set(settings.map(keyOf));
  return spread(OF_A_VERDICT).every((setting) => chosen.has(keyOf(setting)));
}

function worldsOf({ world, vcpus }: SettingFlags, files: WorldFiles): readonly AnyWorld[] {
  const texts = world === undefined ? undefined : splitList(world);
  const isOwn = (text: string): boolean => looksLikePath(text) || files.has(text);
  const own = texts?.filter(isOwn).flatMap((text) => files.get(text) ?? []) ?? [];
  const names = texts?.filter((text) => !isOwn(text));
  const known = [ALL, ...WITH_NAMES.map(({ name }) => name)];
  const named = names?.map((name) => parseWorldName(name, known));
  const every = [...OF_A_VERDICT, LARGEST_WORLD];
  // Who asks for a number of vCPUs asks for the worlds that have it, however large.
  const isDefault = named === undefined && vcpus === undefined;
  const pool = isDefault ? OF_A_VERDICT : every;
  const worlds = [...WITH_NAMES.filter((each) => named?.includes(each.name) ?? false), ...own];
  const chosen =
    named === undefined || named.includes(ALL) ? [...pool, ...worlds.filter((each) => !pool.includes(each))] : worlds;
  return vcpus === undefined ? chosen : withVcpus(chosen, vcpus);
}

/** Takes the name of a world; a message names the landmarks only, since the generated ones are many. */
function parseWorldName(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const nearest = nearestName(name, known);
  const landmarks = known.filter((each) => !each.startsWith(GENERATED) || each === nearest);
  throw new UsageError(
    `--world ${name}: unknown world; ${knownNames(name, landmarks)}; "s2bench list worlds" has the generated ones`,
  );
}

/** The worlds among `worlds` that have one of the numbers of vCPUs. */
function withVcpus(worlds: readonly AnyWorld[], text: string): AnyWorld[] {
  const numbers = splitList(text).map((item) => parseInteger(item, '--vcpus', { min: 1, max: 512, example: 2 }));
  const found = worlds.filter((world) => numbers.includes(world.vcpus.length));
  if (found.length > 0) return found;
  const theirs = [...new Set(worlds.map((world) => world.vcpus.length))]
    .filter((count) => count > 0)
    .sort((a, b) => a - b)
    .join(' or ');
  throw new UsageError(`--vcpus ${text}: no world that was chosen has so many; they have ${theirs}`);
}

function spread(worlds: readonly AnyWorld[]): Setting[] {
  return worlds.flatMap((world) =>
    world.histories.flatMap((history) => [false, true].map((fwb) => ({ world, history, fwb }))),
  );
}

function keyOf({ world, history, fwb }: Setting): string {
  return `${world.name} ${history} ${fwb}`;
}

/** The flags of `s2bench verify` as they were written. */
export interface VerifyFlags extends SettingFlags {
  readonly arch?: string;
  readonly rule?: string;
  readonly kernel?: readonly string[];
  readonly zoo?: boolean;
  readonly maxStates?: string;
  readonly maxSeconds?: string;
  readonly maxMemory?: string;
  readonly jobs?: string;
  readonly json?: boolean;
  readonly format?: 'json' | 'markdown' | 'csv' | 'ktap';
  readonly out?: string;
  readonly exportCasemate?: string;
  readonly replay?: string;
  readonly preset?: string;
  readonly config?: string;
}

/** What a verification is asked to do, besides the strategies. */
export interface VerifyRequest {
  readonly settings: readonly Setting[];
  /** Those of strategies with hooks besides. */
  readonly hookSettings: readonly Setting[];
  /** The hardware that was asked for; `undefined`: the strictest that has what the strategy needs. */
  readonly arch: Architecture | undefined;
  readonly rules: readonly RuleName[];
  /** Kernel models with their options. */
  readonly kernels: readonly string[];
  readonly bounds: Partial<Bounds>;
  readonly jobs: number;
  readonly json: boolean;
  /** Printed in the place of the table. */
  readonly format?: 'markdown' | 'csv' | 'ktap';
  readonly out: OutFolder | undefined;
  /** Where Casemate traces go; `undefined`: none are made. */
  readonly casemate: OutFolder | undefined;
  /** Nothing of the worlds of a verdict is left out: a rule that is not broken in them is not broken. */
  readonly isWhole: boolean;
}

/**
 * Reads what a verification is asked to do.
 *
 * @throws UsageError at the first thing that cannot be
 */
export function readVerifyRequest(
  flags: VerifyFlags,
  cwd: string,
  config: ConfigFile | undefined,
  files: WorldFiles = NO_WORLD_FILES,
): VerifyRequest {
  const { arch, fwb } = readArch(flags);
  const settingFlags = fwb === undefined ? flags : { ...flags, fwb: textOf(fwb) };
  const settings = readSettings(settingFlags, files);
  return {
    settings,
    hookSettings: readHookSettings(settingFlags),
    arch,
    rules: readRules(flags.rule),
    kernels: readKernels(flags.kernel),
    bounds: readBounds(flags),
    jobs: readJobs(flags.jobs, config?.config.jobs),
    json: flags.json === true || flags.format === 'json',
    ...(flags.format !== undefined && flags.format !== 'json' && { format: flags.format }),
    out: outFolder(flags.out === undefined ? {} : { out: flags.out }, undefined, undefined, cwd),
    casemate: casemateFolder(flags, cwd),
    isWhole: isWhole(settings) && (arch === undefined || arch === STRICTEST),
  };
}

/** Rules that are named, all where none is; without those behind a `!`. */
function readRules(text: string | undefined): readonly RuleName[] {
  if (text === undefined) return RULE_NAMES;
  const items = splitList(text);
  const wanted = items.filter((item) => !item.startsWith('!'));
  const unwanted = items.filter((item) => item.startsWith('!')).map((item) => item.slice(1));
  const named = parseRules(wanted);
  const left = parseRules(unwanted);
  const rules = (wanted.length === 0 ? RULE_NAMES : named).filter((rule) => !left.includes(rule));
  if (rules.length === 0) throw new UsageError(`--rule ${text}: leaves no rule to be held; leave one of them in`);
  return rules;
}

function parseRules(names: readonly string[]): RuleName[] {
  return names.flatMap((name) => parseChoices(name, '--rule', 'rule', RULE_NAMES));
}

function readKernels(texts: readonly string[] | undefined): readonly string[] {
  if (texts === undefined) return [VERIFIED_KERNEL];
  const models = texts.flatMap(splitStrategies).flatMap((text) => expandStrategy(text, '--kernel'));
  return [...new Set(models.map((text) => exploredKernel(parseKernel(text, '--kernel'), '--kernel')))];
}

function casemateFolder({ exportCasemate, replay }: VerifyFlags, cwd: string): OutFolder | undefined {
  if (exportCasemate === undefined) return undefined;
  if (exportCasemate === '')
    throw new UsageError('--export-casemate: an empty name; name a folder, for example --export-casemate traces');
  if (replay !== undefined)
    throw new UsageError('--export-casemate: not with --replay; traces are made where worlds are explored');
  return { folder: resolve(cwd, exportCasemate), origin: `--export-casemate ${exportCasemate}` };
}

const COUNT: Omit<IntegerRange, 'example'> = { min: 1, max: Number.MAX_SAFE_INTEGER };

function readBounds({ maxStates, maxSeconds, maxMemory }: VerifyFlags): Partial<Bounds> {
  return {
    ...(maxStates !== undefined && {
      maxStates: parseInteger(maxStates, '--max-states', { ...COUNT, example: 5_000_000 }),
    }),
    ...(maxSeconds !== undefined && {
      maxSeconds: parseInteger(maxSeconds, '--max-seconds', { ...COUNT, example: 60 }),
    }),
    ...(maxMemory !== undefined && { maxBytes: parseSize(maxMemory, '--max-memory') }),
  };
}
