/** Imports the module of a workload. Runs foreign code: the harness does it in a worker, where it can be stopped. */
import { z } from '@s2bench/core';
import { stageNameSchema } from '@s2bench/report/schema';
import {
  isConfigurableWorkload,
  type Workload,
  WORKLOAD_CONTRACT_VERSION,
  type WorkloadPlan,
  workloadWith,
} from '@s2bench/workloads';
import { oneLine, PluginError } from '../cli/errors.ts';
import { importPlugin } from './import-plugin.ts';
import { optionValues } from './options-of.ts';

const text = z.string().min(1, 'must say something').max(1000);
const isFunction = (value: unknown): boolean => typeof value === 'function';

/** What a workload says of itself: plain data. */
const workloadMetadataSchema = z.object({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*(\?.*)?$/, 'must be lower-case words joined by hyphens'),
  summary: text,
  source: text,
  contractVersion: z.literal(
    WORKLOAD_CONTRACT_VERSION,
    `must be ${WORKLOAD_CONTRACT_VERSION}; defineWorkload fills it in`,
  ),
  histories: z.array(z.object({ name: text, summary: z.string() })).min(1, 'must name one history at least'),
  memoryOf: z.enum(['slot', 'vcpu'], "must be 'slot' or 'vcpu'"),
  stages: z.array(stageNameSchema).min(1, 'must name one stage at least').max(10_000),
  needs: z.array(z.enum(['eager-split'], "must be 'eager-split'")).optional(),
});
/** What a workload says of itself. */
export type WorkloadMetadata = z.infer<typeof workloadMetadataSchema>;

/** A workload did something that no workload may, or threw. */
export class WorkloadFault extends Error {
  override readonly name = 'WorkloadFault';
}

/** Checks what a workload says of itself. @throws PluginError in one line */
export function metadataOf(workload: unknown): WorkloadMetadata {
  if (typeof workload !== 'object' || workload === null)
    throw new PluginError('not a workload: write "export default defineWorkload({ … })"');
  const parsed = workloadMetadataSchema.safeParse(workload);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PluginError(`not a workload: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
  }
  if (!('plan' in workload) || !isFunction(workload.plan))
    throw new PluginError('not a workload: plan: must be a function (setting) that returns a plan');
  if (new Set(parsed.data.stages).size < parsed.data.stages.length)
    throw new PluginError('not a workload: stages: one stands there twice');
  return parsed.data;
}

/**
 * The workload with options given as texts.
 *
 * @throws PluginError in one line, naming the option, its value and what would be right
 */
export function configureWorkload(workload: Workload, texts: readonly (readonly [string, string])[]): Workload {
  if (!isConfigurableWorkload(workload)) {
    const [first] = texts;
    if (first === undefined) return workload;
    throw new PluginError(`option ${first[0]}: workload ${workload.name} has no options`);
  }
  const given = optionValues(workload, texts, 'workload');
  try {
    return workloadWith(workload, given);
  } catch (error) {
    // Values that are right one by one and wrong together.
    const issue = error instanceof z.ZodError ? error.issues[0]?.message : undefined;
    throw new PluginError(issue === undefined ? `behaviour: ${oneLine(error)}` : `options: ${issue}`);
  }
}

/**
 * Loads a workload.
 *
 * @param entryUrl - of its module; the query holds its options
 * @throws PluginError where its module throws or exports something else, or an option cannot be
 */
export async function loadWorkload(entryUrl: string, isFresh = false): Promise<Workload> {
  const exported = await importPlugin(entryUrl, isFresh);
  metadataOf(exported);
  const workload = configureWorkload(exported as Workload, [...new URL(entryUrl).searchParams]);
  metadataOf(workload);
  return guarded(workload);
}

/** What it throws while it plans is its own, and a stage that it has not named is none. */
function guarded(workload: Workload): Workload {
  const blame = (what: string): WorkloadFault => new WorkloadFault(`workload ${workload.name}: plan: ${what}`);
  return {
    ...workload,
    plan(setting) {
      let plan: unknown;
      try {
        plan = workload.plan(setting);
      } catch (error) {
        throw blame(oneLine(error));
      }
      if (!isPlan(plan)) throw blame('must return { …, stages: […] }');
      const unnamed = plan.stages.find(({ name }) => !workload.stages.includes(name));
      if (unnamed !== undefined) throw blame(`has a stage ${unnamed.name}, which stages does not name`);
      return plan;
    },
  };
}

function isPlan(plan: unknown): plan is WorkloadPlan {
  return typeof plan === 'object' && plan !== null && 'stages' in plan && Array.isArray(plan.stages);
}
