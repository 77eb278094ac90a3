/** Checks that what a plugin's module exports is a strategy for this contract. */
import {
  CONTRACT_VERSION,
  LOG_HOOKS,
  logPhasesSchema,
  OLDEST_CONTRACT_VERSION,
  type Strategy,
  strategyMetadataSchema,
  V6_VISITORS,
  VISITORS,
  type VisitorName,
} from '@s2bench/core';

/** A strategy, or what is wrong with it in one line. */
export type CheckedStrategy = { readonly strategy: Strategy } | { readonly problem: string };

/** Checks a module's default export. */
export function checkStrategy(exported: unknown): CheckedStrategy {
  if (typeof exported !== 'object' || exported === null) {
    return { problem: 'not a strategy: write "export default defineStrategy({ … })"' };
  }
  const candidate = exported as Record<string, unknown>;
  const problem =
    versionProblem(candidate) ??
    metadataProblem(candidate) ??
    optionsProblem(candidate) ??
    checkVisitors(candidate) ??
    walkersProblem(candidate);
  return problem === undefined ? { strategy: exported as Strategy } : { problem };
}

/** What is wrong with the visitors and hooks of a strategy, or of what its options made, in one line. */
export function checkVisitors(
  candidate: Partial<Record<VisitorName | (typeof LOG_HOOKS)[number], unknown>> & {
    readonly v6?: unknown;
    readonly beforeLock?: unknown;
  },
): string | undefined {
  const { v6, beforeLock } = candidate;
  if (beforeLock !== undefined && typeof beforeLock !== 'function')
    return 'not a strategy: beforeLock: must be a function (fault) or left out';
  for (const hook of LOG_HOOKS) {
    const issue = logPhasesSchema.optional().safeParse(candidate[hook]).error?.issues[0];
    if (issue !== undefined) return `not a strategy: ${[hook, ...issue.path].join('.')}: ${issue.message}`;
  }
  if (v6 !== undefined && (typeof v6 !== 'object' || v6 === null))
    return 'not a strategy: v6: must be an object of visitors';
  return (v6 === undefined ? undefined : wrongVisitor(V6_VISITORS, v6, 'v6.')) ?? wrongVisitor(VISITORS, candidate);
}

function wrongVisitor(names: readonly string[], visitors: object, prefix = ''): string | undefined {
  const wrong = names.find((name) => {
    const value = (visitors as Record<string, unknown>)[name];
    return value !== undefined && typeof value !== 'function';
  });
  return wrong === undefined
    ? undefined
    : `not a strategy: ${prefix}${wrong}: must be a function (entry, map) or left out`;
}

/** A strategy has visitors for the walkers that it says it is written for, and for no other. */
function walkersProblem({
  walkers,
  contractVersion,
  v6,
  tablePre,
  tablePost,
  leaf,
  visitors,
  ...hooks
}: Record<string, unknown>): string | undefined {
  const hasHooks = LOG_HOOKS.some((hook) => hooks[hook] !== undefined);
  if (hasHooks && typeof contractVersion === 'number' && contractVersion < 3)
    return `not a strategy: ${LOG_HOOKS.join(', ')}: are of contract version 3, and it says contractVersion: ${contractVersion}`;
  if (hooks['beforeLock'] !== undefined && typeof contractVersion === 'number' && contractVersion < 4)
    return `not a strategy: beforeLock: is of contract version 4, and it says contractVersion: ${contractVersion}`;
  const isForV6 = Array.isArray(walkers) && walkers.includes('v6');
  const isForV5 = walkers === undefined || (Array.isArray(walkers) && walkers.includes('v5'));
  if (contractVersion === 1 && (walkers !== undefined || v6 !== undefined))
    return 'not a strategy: walkers and v6: are of contract version 2, and it says contractVersion: 1';
  // Visitors that options make are there once they have values; hooks are the same for both walkers.
  if (isForV6 && v6 === undefined && visitors === undefined && !hasHooks)
    return 'not a strategy: v6: is missing; walkers says v6, so write v6: { tablePre(entry, map) { … } }';
  if (!isForV6 && v6 !== undefined)
    return "not a strategy: walkers: does not say v6, and there are visitors for it; write walkers: ['v5', 'v6']";
  if (!isForV5 && [tablePre, tablePost, leaf].some((visitor) => visitor !== undefined))
    return "not a strategy: walkers: does not say v5, and there are visitors for it; write walkers: ['v5', 'v6']";
  return undefined;
}

/** Before anything else: what another version of the contract asks for may look wrong in this one. */
function versionProblem({ name, contractVersion: version }: Record<string, unknown>): string | undefined {
  if (version === undefined) {
    return `not a strategy: contractVersion: is missing; defineStrategy({ … }) fills it in, or write contractVersion: ${CONTRACT_VERSION}`;
  }
  if (typeof version !== 'number') return undefined;
  if (version >= OLDEST_CONTRACT_VERSION && version <= CONTRACT_VERSION) return undefined;
  const remedy =
    version > CONTRACT_VERSION
      ? 'update s2bench'
      : `update the strategy, or port it to contract version ${CONTRACT_VERSION}`;
  return `strategy ${String(name)} is written for contract version ${version}, this s2bench speaks ${spokenVersions()}; ${remedy}`;
}

function spokenVersions(): string {
  const [oldest, newest]: number[] = [OLDEST_CONTRACT_VERSION, CONTRACT_VERSION];
  return oldest === newest
    ? `version ${CONTRACT_VERSION}`
    : `versions ${OLDEST_CONTRACT_VERSION} to ${CONTRACT_VERSION}`;
}

function metadataProblem(candidate: object): string | undefined {
  const metadata = strategyMetadataSchema.safeParse(candidate);
  if (metadata.success) return undefined;
  const [issue] = metadata.error.issues;
  return `not a strategy: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`;
}

function optionsProblem({ options, visitors }: Record<string, unknown>): string | undefined {
  if (options === undefined)
    return visitors === undefined ? undefined : 'not a strategy: visitors: stand there without options';
  if (!isObjectSchema(options)) return 'not a strategy: options: must be a zod schema of an object, as z.object({ … })';
  if (typeof visitors !== 'function')
    return 'not a strategy: visitors: must be a function of the options that returns the visitors';
  const defaults = options.safeParse({});
  if (defaults.success) return undefined;
  return `not a strategy: options.${defaults.error?.issues[0]?.path.join('.') ?? ''}: needs a default: write .default(…)`;
}

/** As much of zod as is called here: a plugin may bring a copy of its own. */
interface ObjectSchema {
  readonly shape: object;
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: { readonly issues: readonly { path: readonly PropertyKey[] }[] };
  };
}

function isObjectSchema(value: unknown): value is ObjectSchema {
  return (
    typeof value === 'object' &&
    value !== null &&
    'safeParse' in value &&
    'shape' in value &&
    typeof value.shape === 'object'
  );
}
