/** How a plugin declares a strategy, and how options make others of it. */
import type * as z from 'zod';
import { nameWithOptions } from './option-text.ts';
import {
  type ConfigurableStrategy,
  CONTRACT_VERSION,
  type OptionsSchema,
  type Strategy,
  type Visitors,
  type VisitorsOf,
} from './strategy.ts';

/** The zod that options are written with, so that a plugin has nothing more to install. */
export * as z from 'zod';

/**
 * The version of the contract. Left out it is that of the core that the plugin imports. A lone file, which gets the
 * core of whatever s2bench runs it, may say for which one it was written.
 */
interface Versioned {
  readonly contractVersion?: number;
}

/** What an author writes of a strategy without options. */
export type StrategyDefinition = Omit<Strategy, 'contractVersion'> &
  Versioned & { readonly options?: never; readonly visitors?: never };

/** What an author writes of a strategy with options: their schema, and the visitors as a function of their values. */
export interface ConfigurableDefinition<Options extends OptionsSchema>
  extends Omit<Strategy, 'contractVersion' | keyof Visitors>, Versioned {
  /** An object of scalars, each with a default: a strategy can always be run by its name alone. */
  readonly options: Options;
  readonly visitors: VisitorsOf<Options>;
}

/** Makes a definition wrong, and says why, where one of its options has no default. */
export type EachHasDefault<Options extends OptionsSchema> =
  Partial<z.input<Options>> extends z.input<Options>
    ? unknown
    : { readonly options: 'each option needs a default: .default(…)' };

/**
 * Declares a strategy with options.
 *
 * @throws TypeError where an option has no default
 */
export function defineStrategy<Options extends OptionsSchema>(
  definition: ConfigurableDefinition<Options> & EachHasDefault<Options>,
): ConfigurableStrategy<Options>;
/**
 * Declares a strategy. Checks nothing that the type does not: metadata is checked when a plugin is loaded, so that
 * plugins in plain JavaScript get the same messages.
 */
export function defineStrategy(definition: StrategyDefinition): Strategy;
export function defineStrategy(definition: StrategyDefinition | ConfigurableDefinition<OptionsSchema>): Strategy {
  const strategy = { contractVersion: CONTRACT_VERSION, ...definition };
  return Object.freeze(
    isConfigurable(strategy) ? { ...strategy, ...strategy.visitors(defaultsOf(strategy)) } : strategy,
  );
}

/** Whether a strategy has options. */
export function isConfigurable(strategy: Strategy): strategy is ConfigurableStrategy {
  return 'options' in strategy && strategy.options !== undefined;
}

/**
 * The strategy that a strategy with options becomes by some values. Its name says which were given, in the order of
 * the schema: `mine?threshold=16`.
 *
 * @throws z.ZodError where the schema refuses a value
 */
export function withOptions<Options extends OptionsSchema>(
  strategy: ConfigurableStrategy<Options>,
  given: z.input<Options>,
): Strategy {
  const { name, summary, source, contractVersion, walkers, needs, expects, options, visitors } = strategy;
  return Object.freeze({
    name: nameWithOptions(name, options, given),
    summary,
    source,
    contractVersion,
    ...(walkers !== undefined && { walkers }),
    ...(needs !== undefined && { needs }),
    ...(expects !== undefined && { expects }),
    ...visitors(options.parse(given)),
  });
}

function defaultsOf({ name, options }: ConfigurableStrategy): z.output<OptionsSchema> {
  const parsed = options.safeParse({});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TypeError(
    `strategy ${name}: option ${issue?.path.join('.') ?? ''} needs a default, so that the strategy can be run by its name alone`,
  );
}
