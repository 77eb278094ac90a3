/** `s2bench verify`: from the flags to the verdicts. */
import { type ModelFinding, modelFindings } from '@s2bench/verify';
import { EXIT, UsageError } from '../cli/errors.ts';
import { requireWritable } from '../cli/files.ts';
import { Interrupted, SILENT, startProgress, watchInterrupt } from '../cli/terminal.ts';
import { exploreAll, Findings } from '../execute/explorations.ts';
import { StrategyThreads } from '../execute/strategy-threads.ts';
import type { Threads } from '../plugins/threads.ts';
import { readConfig, strategyPathsOf } from '../options/config.ts';
import { readWorldFiles } from '../options/world-files.ts';
import { readVerifyRequest, type VerifyFlags, type VerifyRequest } from '../options/verify-request.ts';
import { isLaterUpstream, UPSTREAM, upstreamOn } from '../options/kernels.ts';
import { planStrategies, refuseTraces, type VerifyPlan } from '../plan/verify-plan.ts';
import { isHookPackage, locateHooks, spanHooks } from '../plugins/hooks.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../plugins/locate.ts';
import { probeStrategies } from '../plugins/probe.ts';
import { expandStrategy, splitStrategies } from '../plugins/strategy-text.ts';
import { publishVerdicts, type RenderVerdicts } from '../report/publish-verdicts.ts';
import { renderVerdicts } from '../report/verdict-table.ts';
import { renderZoo } from '../report/zoo-table.ts';

/** How messages name the command's arguments. */
const ORIGIN = 'verify';

/** Runs the command; the value is the exit code. */
export async function verify(texts: readonly string[], flags: VerifyFlags): Promise<number> {
  const cwd = process.cwd();
  const config = await readConfig(cwd, flags.config);
  if (flags.preset !== undefined) {
    const { prove } = await import('./verify-preset.ts');
    return prove(flags.preset, texts, flags, config?.config.jobs, cwd);
  }
  const files = await readWorldFiles(flags.world, cwd);
  const request = readVerifyRequest(flags, cwd, config, files);
  const known = discoverStrategies(cwd, strategyPathsOf(config));
  if (flags.zoo === true) {
    const { planZoo } = await import('../plan/zoo.ts');
    const { plan, seen } = planZoo(texts, flags, request);
    requireFolders(request);
    const render: RenderVerdicts = (results, judgements, options) => renderZoo(results, judgements, seen, options);
    // The zoo has no code of its own to be covered, and its verdicts are of mistakes, not of the model.
    return verifySubjects(() => Promise.resolve(plan), request, { render, isCounting: false, findModel: () => [] });
  }
  if (flags.replay !== undefined) {
    const { replayFile } = await import('./verify-replay.ts');
    return replayFile(flags.replay, texts, known, [...files.values()].flat(), cwd);
  }
  const named =
    texts.length === 0
      ? [...known.keys()].filter((name) => !isLaterUpstream(name))
      : texts.flatMap((text) => (text === UPSTREAM ? upstreamOn(request.kernels) : expandStrategy(text, ORIGIN)));
  // What has hooks alone is verified beside a strategy, where it is asked for.
  const isMeant = ({ sourcePath }: StrategyLocation): boolean => texts.length > 0 || !isHookPackage(sourcePath);
  const upstream = new Set(
    texts.includes(UPSTREAM) ? upstreamOn(request.kernels).filter((name) => !texts.includes(name)) : [],
  );
  const locations = spanHooks(
    [...new Set(named)].map((text) => locateStrategy(text, known, cwd, ORIGIN)).filter(isMeant),
    locateHooks(hookTexts(flags.logStart, '--log-start'), known, cwd, '--log-start'),
    locateHooks(hookTexts(flags.logStop, '--log-stop'), known, cwd, '--log-stop'),
  );
  if (locations.length === 0)
    throw new UsageError('verify: no strategy is installed; name a file, for example ./mine.ts');
  if (request.casemate !== undefined) refuseTraces(request.kernels);
  requireFolders(request);
  const planIn = async (threads: Threads): Promise<VerifyPlan> =>
    planStrategies(await probeStrategies(threads, locations, request.jobs), request, upstream, texts.length > 0);
  const worlds = [...request.settings, ...request.hookSettings].map(({ world }) => world);
  const render: RenderVerdicts = (results, judgements, options) => renderVerdicts(results, judgements, worlds, options);
  const findModel = (): ModelFinding[] =>
    request.kernels
      .flatMap((kernel) => modelFindings(request.arch, kernel))
      .filter(({ rule }) => request.rules.includes(rule));
  // A narrow run says nothing about coverage.
  return verifySubjects(planIn, request, { render, isCounting: request.isWhole, findModel });
}

/** Hooks as they were written, each with one value for each of its options. */
function hookTexts(texts: readonly string[] | undefined, origin: string): string[] | undefined {
  return texts?.flatMap(splitStrategies).flatMap((text) => expandStrategy(text, origin));
}

function requireFolders({ out, casemate }: VerifyRequest): void {
  if (out !== undefined) requireWritable(out.folder, out.origin);
  if (casemate !== undefined) requireWritable(casemate.folder, casemate.origin, '--export-casemate');
}

/** What differs between strategies and the zoo. */
interface Kind {
  readonly render: RenderVerdicts;
  /** Whether branches are counted. */
  readonly isCounting: boolean;
  /** What the kernel model breaks by itself. */
  readonly findModel: () => readonly ModelFinding[];
}

async function verifySubjects(
  makePlan: (threads: Threads) => Promise<VerifyPlan>,
  request: VerifyRequest,
  { render, isCounting, findModel }: Kind,
): Promise<number> {
  // Shared: a thread that counts is warmed up for seconds, and what a strategy does to its realm is found and undone.
  const threads = new StrategyThreads({ jobs: request.jobs, isCounting, isShared: true });
  let findings = new Findings([]);
  let total = 0;
  let progress = SILENT;
  const interrupt = watchInterrupt(() => {
    progress.stop();
    return `stopped; ${findings.finished} of ${total} explorations had finished`;
  });
  try {
    const plan = await makePlan(threads);
    const found = new Findings(plan.tasks);
    findings = found;
    total = plan.tasks.length;
    progress = await startProgress({ what: 'worlds', total, done: 0 }, process.stderr);
    let isInterrupted = false;
    try {
      await exploreAll(threads, plan.tasks, found, {
        jobs: request.jobs,
        signal: interrupt.signal,
        onEnd: ({ subject, world }) => progress.advance(`${subject.name}, ${world.name}`),
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      isInterrupted = true;
    } finally {
      progress.stop();
    }
    const missing = isInterrupted ? total - found.finished : 0;
    return publishVerdicts({ ...plan, findings: found, missing, modelFindings: findModel() }, request, render);
  } catch (error) {
    if (error instanceof Interrupted || interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.stop();
    await threads.destroy();
  }
}
