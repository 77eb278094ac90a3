/** Options as texts: gives a strategy those that a text asks for, and says of each what it may be. */
import {
  type ConfigurableStrategy,
  isConfigurable,
  type OptionText,
  type Strategy,
  withOptions,
  z,
} from '@s2bench/core';
import { notModelledText } from '@s2bench/kernel/not-modelled';
import { knownNames, nearestName, oneLine, PluginError } from '../cli/errors.ts';

/** What has options: a strategy, a kernel model, a workload. */
type HasOptions = Pick<ConfigurableStrategy, 'name' | 'options'>;
/** How the name of another one of its kind begins. */
const STRAY = { strategy: /^[./a-z]/i, kernel: /^v\d/, workload: /^[./]|^[a-z]+-[a-z]/i } as const;
type Kind = keyof typeof STRAY;

/**
 * The strategy with options given as texts. A text that is written as a number or as true or false is offered to the
 * schema as that first, so that `z.number()` does where only `z.coerce.number()` would.
 *
 * @throws PluginError in one line, naming the option, its value and what would be right
 */
export function configure(strategy: Strategy, texts: readonly OptionText[]): Strategy {
  if (!isConfigurable(strategy)) {
    const [first] = texts;
    if (first === undefined) return strategy;
    throw new PluginError(`option ${first[0]}: strategy ${strategy.name} has no options`);
  }
  const given = optionValues(strategy, texts, 'strategy');
  try {
    return withOptions(strategy, given);
  } catch (error) {
    // Values that are right one by one and wrong together, or visitors that throw while they are made.
    const issue = error instanceof z.ZodError ? error.issues[0]?.message : undefined;
    throw new PluginError(issue === undefined ? `visitors: ${oneLine(error)}` : `options: ${issue}`);
  }
}

/** The values that texts stand for. Throws as {@link configure} does; `kind` is what messages call it, and its flag. */
export function optionValues(of: HasOptions, texts: readonly OptionText[], kind: Kind): Record<string, unknown> {
  return Object.fromEntries(texts.map(([name, text]) => [name, valueOf(of, name, text, kind)]));
}

/**
 * The options of a strategy, a kernel model or a workload, each with what it may be and, where its schema describes it, what it is:
 * "threshold: a whole number of at least 1; left out it is 64".
 */
export function describeOptions(of: HasOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(shapeOf(of)).map(([name, schema]) => {
      const { description } = jsonSchemaOf(schema);
      const what = description === undefined ? '' : `: ${description}`;
      return [name, `${whatIsRight(schema) ?? 'a text'}${defaultOf(schema)}${what}`];
    }),
  );
}

function shapeOf({ options }: HasOptions): Readonly<Record<string, z.core.$ZodType>> {
  return options.shape;
}

function valueOf(of: HasOptions, name: string, text: string, kind: Kind): unknown {
  const shape = shapeOf(of);
  const schema = shape[name];
  if (schema === undefined) {
    throw new PluginError(
      `option ${name}: unknown option of ${of.name}; ${knownNames(name, Object.keys(shape))}${notModelledText(name)}`,
    );
  }
  const attempts = [...scalarsOf(text), text].map((value) => ({ value, result: z.safeParse(schema, value) }));
  const accepted = attempts.find(({ result }) => result.success);
  if (accepted !== undefined) return accepted.value;
  const right = whatIsRight(schema);
  const issues = attempts.flatMap(({ result }) => result.error?.issues[0] ?? []);
  // That a text is no number says less than what is wrong with the text.
  const issue = (issues.find(({ code }) => code !== 'invalid_type') ?? issues[0])?.message ?? 'refused';
  const nearest = nearestName(text, choicesOf(schema));
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  // Commas separate values here: a name that follows them was perhaps meant as another strategy or kernel model.
  const stray =
    STRAY[kind].test(text) && nearest === undefined ? `; a ${kind} after options needs a --${kind} of its own` : '';
  throw new PluginError(
    `option ${name}=${text}: ${right === undefined ? issue : `must be ${right}`}${hint}${defaultOf(schema)}${stray}`,
  );
}

/** The number or truth value that a text is written as. */
function scalarsOf(text: string): (number | boolean)[] {
  if (text === 'true' || text === 'false') return [text === 'true'];
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? [Number(text)] : [];
}

/** As much of a JSON Schema as is put into words. */
interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

function jsonSchemaOf(schema: z.core.$ZodType): OptionSchema {
  try {
    return z.toJSONSchema(schema, { unrepresentable: 'any' }) as OptionSchema;
  } catch {
    // A schema of another zod, or one that JSON Schema cannot say: zod's own message has to do.
    return {};
  }
}

function choicesOf(schema: z.core.$ZodType): string[] {
  return jsonSchemaOf(schema).enum?.map(String) ?? [];
}

/** What an option may be, in words, where its schema can be put into words. */
function whatIsRight(schema: z.core.$ZodType): string | undefined {
  const { type, enum: choices, minimum, maximum } = jsonSchemaOf(schema);
  if (choices !== undefined) return choices.map(String).join(' or ');
  if (type === 'boolean') return 'true or false';
  if (type !== 'integer' && type !== 'number') return undefined;
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const [low, high] = [boundOf(minimum), boundOf(maximum)];
  if (low !== undefined && high !== undefined) return `${kind} from ${low} to ${high}`;
  if (low !== undefined) return `${kind} of at least ${low}`;
  return high === undefined ? kind : `${kind} of at most ${high}`;
}

/** A bound that somebody set: zod's whole numbers end where numbers are exact. */
function boundOf(value: number | undefined): number | undefined {
  return value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? undefined : value;
}

function defaultOf(schema: z.core.$ZodType): string {
  const value = jsonSchemaOf(schema).default;
  return value === undefined ? '' : `; left out it is ${JSON.stringify(value).replaceAll('"', '')}`;
}
