/**
 * Values as users write them: names of a closed list, whole numbers, sizes, shards, servers. Each is read, or refused
 * in one line.
 */
import { availableParallelism } from 'node:os';
import { KERNEL_MODELS, type KernelModel, kernelModelOf } from '@s2bench/kernel';
import { notModelledText } from '@s2bench/kernel/not-modelled';
import { knownNames, PluginError, UsageError } from '../cli/errors.ts';
import { optionValues } from '../plugins/options-of.ts';
import { parseStrategy } from '../plugins/strategy-text.ts';
import { splitList } from './run-flags.ts';

/**
 * Takes a value that must be one of `names`.
 *
 * @param origin - the option that it stands in, for messages
 * @param what - what the names are names of, for messages: "kernel model"
 * @throws UsageError with the nearest name and all names
 */
export function parseChoice<T extends string>(text: string, origin: string, what: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found === undefined) {
    const known = knownNames(text, names);
    throw new UsageError(`${origin} ${text}: unknown ${what}; ${known}${notModelledText(text)}`);
  }
  return found;
}

/**
 * Takes a comma-separated list of such values; one that stands there twice counts once.
 *
 * @throws UsageError at the first that is none of the names
 */
export function parseChoices<T extends string>(text: string, origin: string, what: string, names: readonly T[]): T[] {
  return [...new Set(splitList(text).map((item) => parseChoice(item, origin, what, names)))];
}

/**
 * Takes a kernel model with its options: `v5.12`, `v5.12?aligned-walk=on`.
 *
 * @throws UsageError where there is none, or an option is not one of its own
 */
export function parseKernel(text: string, origin: string): KernelModel {
  const { base, options } = parseStrategy(text, origin, 'kernel models');
  const known = KERNEL_MODELS.find(({ name }) => name === base);
  try {
    if (known !== undefined) optionValues(known, options, 'kernel');
    return kernelModelOf(text);
  } catch (error) {
    if (error instanceof PluginError) throw new UsageError(`${origin} ${text}: ${error.message}`);
    throw error instanceof RangeError ? new UsageError(`${origin} ${error.message}`) : error;
  }
}

/** What a whole number may be. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  /** A value that would be right, for messages. */
  readonly example: number;
}

/**
 * Reads a whole number.
 *
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where it is not one, or out of range
 */
export function parseInteger(text: string, origin: string, range: IntegerRange): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    const limits = range.max === Number.MAX_SAFE_INTEGER ? `from ${range.min} up` : `from ${range.min} to ${range.max}`;
    throw new UsageError(`${origin} ${text}: must be a whole number ${limits}, for example ${range.example}`);
  }
  return value;
}

/** Seconds that a cell may take. A Node timer holds no more than 2^31 ms, and takes what is more for 1 ms. */
export const CELL_TIMEOUT_RANGE: IntegerRange = { min: 1, max: 2_000_000, example: 300 };

/** Workers that a machine may be asked for. */
export const JOBS_RANGE: IntegerRange = { min: 1, max: 1024, example: 4 };

/** How many workers: what `--jobs` says, else what the config file says, else all cores. */
export function readJobs(flag: string | undefined, configured: number | undefined): number {
  return flag === undefined ? (configured ?? availableParallelism()) : parseInteger(flag, '--jobs', JOBS_RANGE);
}

const UNITS = ['K', 'M', 'G', 'T'] as const;

/**
 * Reads a size.
 *
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where there is no unit, another unit, or no whole positive number
 */
export function parseSize(text: string, origin: string): number {
  const match = /^(\d+)([A-Za-z]*)$/.exec(text);
  if (match === null)
    throw new UsageError(`${origin} ${text}: not a size; write a whole number and a unit, for example 20G`);
  const [, digits = '', unit = ''] = match;
  if (unit === '') {
    throw new UsageError(`${origin} ${text}: a size needs a unit (K, M, G or T), for example ${text}G`);
  }
  const power = (UNITS as readonly string[]).indexOf(unit.toUpperCase()) + 1;
  if (power === 0) {
    throw new UsageError(
      `${origin} ${text}: unknown unit ${unit}; the units are K, M, G and T, for example ${digits}G`,
    );
  }
  const sizeBytes = Number(digits) * 1024 ** power;
  if (sizeBytes === 0) throw new UsageError(`${origin} ${text}: must be more than nothing, for example 1${unit}`);
  if (!Number.isSafeInteger(sizeBytes)) {
    throw new UsageError(`${origin} ${text}: larger than any guest; a guest's address space ends at 256T`);
  }
  return sizeBytes;
}

/** Writes a size with the largest unit that leaves a whole number. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = '';
  for (const next of UNITS) {
    if (value % 1024 !== 0) break;
    value /= 1024;
    unit = next;
  }
  return `${value}${unit}`;
}

/** A part of a matrix: the `index`-th of `count`, from 1. */
export interface ShardChoice {
  readonly index: number;
  readonly count: number;
}

/** More runners than this no CI gives; a larger number is a slip. */
const MAX_SHARDS = 10_000;

/**
 * Reads a shard.
 *
 * @throws UsageError where it is none
 */
export function parseShard(text: string): ShardChoice {
  const [, index = Number.NaN, count = Number.NaN] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (Number.isNaN(index)) throw new UsageError(`--shard ${text}: must be INDEX/COUNT, for example 3/8`);
  if (!(count >= 1 && count <= MAX_SHARDS)) {
    throw new UsageError(`--shard ${text}: the number of shards must be from 1 to ${MAX_SHARDS}, for example 3/8`);
  }
  if (!(index >= 1 && index <= count)) {
    throw new UsageError(`--shard ${text}: with ${count} shards the first number must be from 1 to ${count}`);
  }
  return { index, count };
}

/** How a shard is written. */
export function formatShard({ index, count }: ShardChoice): string {
  return `${index}/${count}`;
}

/** The name of the file that a shard is written to. */
export function shardFile({ index, count }: ShardChoice): string {
  return `shard-${index}-of-${count}.json`;
}

/** Where a Redis server is. */
export interface RedisAddress {
  readonly url: string;
  /** The option and the address, for messages: without a password. */
  readonly label: string;
  /** The address alone, without a password. */
  readonly shown: string;
}

/** An address that would be right, for messages. */
const REDIS_EXAMPLE = 'redis://127.0.0.1:6379';

/**
 * Reads an address: `redis://[[user]:password@]host[:port][/db]`, or `rediss://` for TLS.
 *
 * @param origin - the option that it stands in
 * @throws UsageError where it is none
 */
export function parseRedisAddress(text: string, origin: string): RedisAddress {
  const url = URL.parse(text);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    // What does not parse may hold a password all the same.
    const shown = text.includes('@') ? '' : ` ${text}`;
    throw new UsageError(
      `${origin}${shown}: not the URL of a Redis server; write it as ${REDIS_EXAMPLE} or ${REDIS_EXAMPLE}/2`,
    );
  }
  if (!/^(\/\d*)?$/.test(url.pathname)) {
    throw new UsageError(
      `${origin}: ${url.pathname.slice(1)} is no database of Redis; write its number, as in ${REDIS_EXAMPLE}/2`,
    );
  }
  if (url.password !== '') url.password = '***';
  return { url: text, label: `${origin} ${url.href}`, shown: url.href };
}
