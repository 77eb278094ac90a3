/** Checks that what a plugin's module exports is a strategy for this contract. */
import { CONTRACT_VERSION, type Strategy, strategyMetadataSchema } from '@s2bench/core';
import { VISITORS } from './visitors.ts';

/** A strategy, or what is wrong with it in one line. */
export type CheckedStrategy = { readonly strategy: Strategy } | { readonly problem: string };

/** Checks a module's default export. */
export function checkStrategy(exported: unknown): CheckedStrategy {
  if (typeof exported !== 'object' || exported === null) {
    return { problem: 'not a strategy: write "export default defineStrategy({ … })"' };
  }
  const candidate = exported as Record<string, unknown>;
  const version = candidate['contractVersion'];
  if (typeof version === 'number' && version !== CONTRACT_VERSION) {
    const remedy = version > CONTRACT_VERSION ? 'update s2bench' : 'port the strategy to it';
    return { problem: `written for contract version ${version}, this s2bench has version ${CONTRACT_VERSION}; ${remedy}` };
  }
  const metadata = strategyMetadataSchema.safeParse(candidate);
  if (!metadata.success) {
    const [issue] = metadata.error.issues;
    return { problem: `not a strategy: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}` };
  }
  for (const visitor of VISITORS) {
    if (candidate[visitor] !== undefined && typeof candidate[visitor] !== 'function') {
      return { problem: `not a strategy: ${visitor}: must be a function (entry, map) or left out` };
    }
  }
  return { strategy: exported as Strategy };
}
