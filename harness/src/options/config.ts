/**
 * The config file, `s2bench.config.ts` or `s2bench.config.json`: found, read, and in one line what is wrong with it.
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { comparisonSchema } from '@s2bench/report/schema';
import * as z from 'zod';
import { nearestName, oneLine, UsageError } from '../cli/errors.ts';
import { readText } from '../cli/files.ts';
import { importData } from '../plugins/load-data.ts';
import { LIST_KEYS, type ListKey, splitListOf } from './run-flags.ts';
import { CELL_TIMEOUT_RANGE, type IntegerRange, JOBS_RANGE } from './values.ts';

const scalar = z.union([z.string(), z.number()], { error: 'must be a text or a number' });

/** One value, a comma-separated text, or an array, as on the command line. */
const listOf = (key: ListKey) =>
  z
    .union([scalar, z.array(scalar).min(1)], { error: 'must be a value or a list of values' })
    .transform((value) => (Array.isArray(value) ? value.map(String) : splitListOf(key, String(value))));

const lists = Object.fromEntries(LIST_KEYS.map((key) => [key, listOf(key).optional()])) as Record<
  ListKey,
  z.ZodOptional<ReturnType<typeof listOf>>
>;

/** A number as its flag takes it. */
function wholeNumber({ min, max, example }: IntegerRange): z.ZodNumber {
  const error = `must be a number: a whole one from ${min} to ${max}, for example ${example}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const presetSchema = z.strictObject({
  ...lists,
  title: z.string().min(1).optional(),
  summary: z.string().min(1).optional(),
  exact: z.boolean().optional(),
  verify: z.boolean().optional(),
  comparisons: z.array(comparisonSchema).optional(),
});

const presetName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a preset's name must be lower-case words joined by hyphens");

/** A config file: the keys of `s2bench run`, presets of one's own, and where more strategies are. */
export const configSchema = z.strictObject({
  ...lists,
  preset: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
  jobs: wholeNumber(JOBS_RANGE).optional(),
  cellTimeout: wholeNumber(CELL_TIMEOUT_RANGE).optional(),
  exact: z.boolean().optional(),
  verify: z.boolean().optional(),
  presets: z.record(presetName, presetSchema).optional(),
  strategies: z.array(z.string().min(1)).optional(),
});

/** What a config file may hold. */
export type Config = z.input<typeof configSchema>;
/** A config file as it was read. */
export type ParsedConfig = z.output<typeof configSchema>;

const FILE_NAMES = ['s2bench.config.ts', 's2bench.config.json'] as const;

/** A config file that was found. */
export interface ConfigFile {
  readonly path: string;
  /** As messages and the normalised command name it. */
  readonly displayName: string;
  readonly config: ParsedConfig;
}

/**
 * Reads the config file: the one that is named, else `s2bench.config.ts` or `s2bench.config.json` of the current
 * directory, else none.
 *
 * @throws UsageError of one line with the file's name, and the position or the path of what is wrong
 */
export async function readConfig(cwd: string, named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  if (path === undefined) return undefined;
  const displayName = named !== undefined && !isAbsolute(named) ? named : relative(cwd, path);
  const content = path.endsWith('.json') ? readJson(path, displayName) : await importModule(path, displayName);
  const parsed = configSchema.safeParse(content);
  if (!parsed.success) throw new UsageError(`${displayName}: ${describeIssue(parsed.error)}`);
  return { path, displayName, config: parsed.data };
}

function findConfig(cwd: string): string | undefined {
  const [found, second] = FILE_NAMES.filter((name) => existsSync(resolve(cwd, name)));
  if (found !== undefined && second !== undefined) {
    throw new UsageError(`${found}: ${second} is there too; keep one, or name one with --config`);
  }
  return found === undefined ? undefined : resolve(cwd, found);
}

function readJson(path: string, displayName: string): unknown {
  const text = readText(path, displayName);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${displayName}: not JSON: ${oneLine(error)}`);
  }
}

async function importModule(path: string, displayName: string): Promise<unknown> {
  if (!existsSync(path)) throw new UsageError(`${displayName}: there is no such file`);
  if (!/\.[cm]?[jt]s$/.test(path)) throw new UsageError(`${displayName}: must be a .ts, .js or .json file`);
  const module = await importData(path);
  if (!module.ok) throw new UsageError(`${displayName}${module.line}: ${module.problem}`);
  if (module.value === undefined)
    throw new UsageError(`${displayName}: has no default export; write "export default { … }"`);
  return module.value;
}

function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'not a config file';
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = issue.path[0] === 'presets' ? presetKeys() : Object.keys(configSchema.shape);
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? `the keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
    return `${[...path, key].join('.')}: unknown key; ${hint}`;
  }
  return `${path.length === 0 ? 'the document' : path.join('.')}: ${issue.message}`;
}

function presetKeys(): string[] {
  return Object.keys(configSchema.shape.presets.unwrap().valueType.shape);
}

/** The strategies that a config file adds, absolute: its paths count from its folder. */
export function strategyPathsOf(config: ConfigFile | undefined): string[] {
  return config === undefined
    ? []
    : (config.config.strategies ?? []).map((path) => resolve(dirname(config.path), path));
}
