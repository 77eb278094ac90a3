/** `s2bench calibrate`: fits a profile, or holds one against the figures. */
import { resolve } from 'node:path';
import type { Strategy } from '@s2bench/core';
import { kernelModelOf } from '@s2bench/kernel';
import type { Profile, Residual } from '@s2bench/machine';
import { printable } from '@s2bench/report/printable';
import { type FitColumn, fitPlainTable } from '@s2bench/report/text';
import {
  type Calibration,
  type CalibrationPlan,
  calibrationPlanSchema,
  DEFAULT_STUDY,
  figuresFrom,
  fittedCosts,
  namedFigures,
  type PublishedFigures,
  STUDIES,
} from '@s2bench/studies';
import writeFileAtomic from 'write-file-atomic';
import { EXIT, knownNames, oneLine, UsageError } from '../cli/errors.ts';
import { PACKAGE_FOLDER } from '../cli/installation.ts';
import { readJson } from '../cli/files.ts';
import { print, printJson, stdoutOptions } from '../cli/terminal.ts';
import { calibrate, type Figure, figuresOf, residualOf } from '../execute/fit.ts';
import { readFigures } from '../options/figures-file.ts';
import { requireWritten, strategyOf } from '../options/kernels.ts';
import { parseChoice } from '../options/values.ts';
import { loadNamedStrategy } from '../plugins/load.ts';
import { loadProfiles } from '../plugins/profiles.ts';

/** The command's flags as commander gives them. */
export interface CalibrateFlags {
  readonly study?: string;
  readonly figures?: string;
  readonly plan?: string;
  readonly out?: string;
  readonly check?: string;
  readonly json?: boolean;
}

/** Runs the command; the value is the exit code. */
export async function runCalibrate(flags: CalibrateFlags): Promise<number> {
  const { published, calibration, plan: text, origin } = await sourceOf(flags);
  const figures = figuresOf(published, calibration, await strategiesOf(published, origin), origin);
  if (flags.check !== undefined) {
    const profile = profileToCheck(flags.check);
    printResiduals(
      figures.map((figure) => residualOf(figure, profile)),
      flags.json === true,
    );
    return EXIT.ok;
  }
  const plan = flags.plan === undefined ? calibrationPlanSchema.parse(text) : readPlan(flags.plan);
  requireFigures(plan, figures, `--plan ${flags.plan ?? ''}`);
  const profile = calibrate(plan, figures, (evaluation, worstError) => {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\revaluation ${evaluation}: largest error ${(worstError * 100).toFixed(1)} % `);
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  await deliver(profile, flags);
  return EXIT.ok;
}

/** What is fitted to. */
interface Source {
  readonly published: PublishedFigures;
  readonly calibration: Omit<Calibration, 'plan'>;
  /** Of a study. */
  readonly plan?: unknown;
  /** How messages name the figures. */
  readonly origin: string;
}

/** The figures of a study or of a file, and how far the model may be off each. */
async function sourceOf({ study, figures, plan, check }: CalibrateFlags): Promise<Source> {
  if (figures === undefined) return studyOf(study);
  if (study !== undefined)
    throw new UsageError('--figures: not with --study, which has figures of its own; leave one of them out');
  if (plan === undefined && check === undefined)
    throw new UsageError(
      '--figures: needs --plan FILE, which says what costs of the machine are fitted and what the others are ("s2bench schema plan"), or --check PROFILE',
    );
  return { ...figuresFrom(readFigures(figures, process.cwd())), origin: `--figures ${figures}` };
}

/** The figures of a study, and how a profile is fitted to them. */
async function studyOf(name: string = DEFAULT_STUDY.name): Promise<Source> {
  const calibrated = STUDIES.filter((study) => study.calibration !== undefined);
  const names = calibrated.map((study) => study.name);
  const study = calibrated[names.indexOf(parseChoice(name, '--study', 'study with a calibration', names))];
  const calibration = await study?.calibration?.();
  if (study?.figures === undefined || calibration === undefined)
    throw new Error(`study ${name} has a calibration and no figures`);
  return { published: study.figures, calibration, plan: calibration.plan, origin: `--study ${name}` };
}

/** Refuses a plan that names a figure that is not there, or whose figures cannot decide its costs. */
function requireFigures(plan: CalibrationPlan, figures: readonly Figure[], origin: string): void {
  const known = figures.map(({ name }) => name);
  const named = namedFigures(plan);
  for (const { cost, name } of named)
    if (!known.includes(name))
      throw new UsageError(
        `${origin}: costs.${cost}.figures: no figure is called '${name}'; ${knownNames(name, known)}`,
      );
  const costs = fittedCosts(plan);
  if (costs.length === 0)
    throw new UsageError(`${origin}: no cost is fitted; give one { startNs, source } in the place of a value`);
  const count = named.length === 0 ? known.length : new Set(named.map(({ name }) => name)).size;
  if (count < costs.length)
    throw new UsageError(
      `${origin}: fits ${costs.length} costs to ${count} figures, which cannot decide them; give values of all but ${count}, or more figures`,
    );
}

/** The profile goes to the file, or to stdout; the residuals to where they are not in its way. */
async function deliver(profile: Profile, flags: CalibrateFlags): Promise<void> {
  if (flags.out === undefined) {
    printJson(profile);
    return;
  }
  try {
    await writeFileAtomic(resolve(flags.out), `${JSON.stringify(profile, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`--out ${flags.out}: cannot be written: ${oneLine(error)}`);
  }
  printResiduals(profile.calibration ?? [], flags.json === true);
}

/** Those that come with s2bench, run in this thread: what lies beside the user's files is not asked. */
async function strategiesOf({ stageTimes }: PublishedFigures, origin: string): Promise<Map<string, Strategy>> {
  const strategies = new Map<string, Strategy>();
  for (const [at, row] of stageTimes.entries()) {
    const name = strategyOf(row);
    const label = `${origin}: stageTimes.${at}.strategy`;
    const strategy = strategies.get(name) ?? (await loadNamedStrategy(name, PACKAGE_FOLDER, label));
    requireWritten(strategy, kernelModelOf(row.kernel), `${label} ${name}`);
    strategies.set(name, strategy);
  }
  return strategies;
}

function profileToCheck(text: string): Profile {
  const [known] = loadProfiles([text], process.cwd(), '--check');
  if (known === undefined) throw new UsageError('--check: no profile was named');
  return known.profile;
}

function readPlan(file: string): CalibrationPlan {
  const parsed = calibrationPlanSchema.safeParse(readJson(resolve(file), `--plan ${file}`));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`--plan ${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a calibration plan'}`);
}

const COLUMNS: readonly FitColumn[] = [
  { label: 'figure', align: 'left', isKey: true, breaks: true },
  { label: 'published', align: 'right' },
  { label: 'model', align: 'right' },
  { label: 'unit', align: 'left' },
  { label: 'error', align: 'right' },
];

function printResiduals(residuals: readonly Residual[], json: boolean): void {
  if (json) {
    printJson(residuals);
    return;
  }
  const rows = printable(residuals).map(({ figure, published: measured, model, unit, errorPercent }) =>
    [figure, String(measured), String(model), unit, `${errorPercent > 0 ? '+' : ''}${errorPercent} %`].map((text) => ({
      text,
    })),
  );
  print(`${fitPlainTable(COLUMNS, rows, stdoutOptions()).text}\n`);
}
