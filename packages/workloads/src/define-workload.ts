/** How a plugin declares a workload, and how options make others of it. */
import { type EachHasDefault, nameWithOptions, type OptionsSchema, type z } from '@s2bench/core';
import { type Workload, WORKLOAD_CONTRACT_VERSION, type WorkloadBehaviour, type WorkloadHead } from './workload.ts';

/** What has a default: the contract is that of the package that is imported, and memory is the slot's. */
type Head = Omit<WorkloadHead, 'contractVersion' | 'memoryOf'> &
  Partial<Pick<WorkloadHead, 'contractVersion' | 'memoryOf'>>;

/** What an author writes of a workload without options. */
export type WorkloadDefinition = Head & WorkloadBehaviour & { readonly options?: never; readonly behaviour?: never };

/** What an author writes of a workload with options: their schema, and what follows from their values. */
export interface ConfigurableWorkloadDefinition<Options extends OptionsSchema> extends Head {
  /** An object of scalars, each with a default: a workload can always be run by its name alone. */
  readonly options: Options;
  readonly behaviour: (values: z.output<Options>) => WorkloadBehaviour;
}

/** A workload with options. As it stands it has their defaults; {@link workloadWith} gives it others. */
export interface ConfigurableWorkload<Options extends OptionsSchema = OptionsSchema> extends Workload {
  readonly options: Options;
  /** What follows from given values. Called once for each set of values. */
  readonly behaviour: (values: z.output<Options>) => WorkloadBehaviour;
}

/**
 * Declares a workload with options.
 *
 * @throws z.ZodError where an option has no default
 */
export function defineWorkload<Options extends OptionsSchema>(
  definition: ConfigurableWorkloadDefinition<Options> & EachHasDefault<Options>,
): ConfigurableWorkload<Options>;
/** Declares a workload. Checks nothing that the type does not: that is done when a plugin is loaded. */
export function defineWorkload(definition: WorkloadDefinition): Workload;
export function defineWorkload(
  definition: WorkloadDefinition | ConfigurableWorkloadDefinition<OptionsSchema>,
): Workload {
  const head = { contractVersion: WORKLOAD_CONTRACT_VERSION, memoryOf: 'slot' as const };
  if (definition.options === undefined) return Object.freeze({ ...head, ...definition });
  return Object.freeze({ ...head, ...definition, ...definition.behaviour(definition.options.parse({})) });
}

/** Whether a workload has options. */
export function isConfigurableWorkload(workload: Workload): workload is ConfigurableWorkload {
  return 'options' in workload && workload.options !== undefined;
}

/**
 * The workload that one with options becomes by some values. Its name says which were given, in the order of the schema.
 *
 * @throws z.ZodError where the schema refuses a value
 */
export function workloadWith<Options extends OptionsSchema>(
  workload: ConfigurableWorkload<Options>,
  given: z.input<Options>,
): Workload {
  const { name, summary, source, contractVersion, histories, memoryOf, options, behaviour } = workload;
  return Object.freeze({
    name: nameWithOptions(name, options, given),
    summary,
    source,
    contractVersion,
    histories,
    memoryOf,
    ...behaviour(options.parse(given)),
  });
}
