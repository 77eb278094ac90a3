/** What a verification is asked to do. */
import { resolve } from 'node:path';
import { type Bounds, RULE_NAMES, type RuleName } from '@s2bench/verify';
import { UsageError } from '../../cli/errors.ts';
import type { ConfigFile } from '../../config/read.ts';
import { parseChoices } from '../../options/choice.ts';
import { type IntegerRange, parseInteger } from '../../options/integer.ts';
import { readJobs } from '../../options/jobs.ts';
import { type OutFolder, outFolder } from '../../options/out-folder.ts';
import { parseSize } from '../../options/size.ts';
import { isWhole, readSettings, type Setting, type SettingFlags } from './settings.ts';

/** The flags of `s2bench verify` as they were written. */
export interface VerifyFlags extends SettingFlags {
  readonly rule?: string;
  readonly zoo?: boolean;
  readonly maxStates?: string;
  readonly maxSeconds?: string;
  readonly maxMemory?: string;
  readonly jobs?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly exportCasemate?: string;
  readonly replay?: string;
  readonly preset?: string;
  readonly config?: string;
}

/** What a verification is asked to do, besides the strategies. */
export interface VerifyRequest {
  readonly settings: readonly Setting[];
  readonly rules: readonly RuleName[];
  readonly bounds: Partial<Bounds>;
  readonly jobs: number;
  readonly json: boolean;
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
export function readVerifyRequest(flags: VerifyFlags, cwd: string, config: ConfigFile | undefined): VerifyRequest {
  const settings = readSettings(flags);
  return {
    settings,
    rules: flags.rule === undefined ? RULE_NAMES : parseChoices(flags.rule, '--rule', 'rule', RULE_NAMES),
    bounds: readBounds(flags),
    jobs: readJobs(flags.jobs, config?.config.jobs),
    json: flags.json ?? false,
    out: outFolder(flags.out === undefined ? {} : { out: flags.out }, undefined, undefined, cwd),
    casemate: casemateFolder(flags, cwd),
    isWhole: isWhole(settings),
  };
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
