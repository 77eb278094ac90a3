/**
 * What a kernel model's own code breaks, with no strategy's code in it. A verdict on a strategy is of the model without
 * these mistakes: one known bug of the kernel must not hide what strategies differ in, nor be hidden itself.
 */
import { defineStrategy, type Strategy } from '@s2bench/core';
import type { History, KernelFlaw } from '@s2bench/kernel';
import { DEFERRED_TABLES, kernelModelOf, UNALIGNED_WALK, UNLINK_HINT } from '@s2bench/kernel';
import type { CounterexampleOf } from './counterexample/schema.ts';
import type { Architecture } from './hardware/architecture.ts';
import { STRICTEST } from './hardware/architecture.ts';
import { VERIFIED_KERNEL } from './kernel/rig.ts';
import { RULES } from './rules/index.ts';
import type { RuleName } from './rules/rule.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { emptiedTable, unalignedUnmap } from './worlds/model-flaws.ts';

/** A rule that a kernel model breaks by itself. */
export interface ModelFinding {
  readonly kernel: string;
  readonly rule: RuleName;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The commit that mended it. */
  readonly mendedBy: string;
  /** The model without it, as in `v5.12p1?unmap-hint=unknown`. */
  readonly mendedModel: string;
  readonly world: string;
  readonly history: History;
  /** The hardware on which it shows, as in `--arch`. */
  readonly arch: string;
  readonly counterexample: CounterexampleOf<RuleName>;
}

/** Where each known mistake is looked for, and under which rule. */
const SHOWN: readonly {
  readonly flaw: KernelFlaw;
  readonly rule: RuleName;
  readonly world: World;
  readonly fwb?: boolean;
}[] = [
  { flaw: UNLINK_HINT, rule: 'walker-safety', world: emptiedTable },
  { flaw: UNALIGNED_WALK, rule: 'mapping', world: unalignedUnmap },
  { flaw: DEFERRED_TABLES, rule: 'walker-safety', world: emptiedTable, fwb: true },
];

/** The worlds in which they are looked for: no part of a verdict on a strategy. */
export const MODEL_WORLDS: readonly World[] = SHOWN.map(({ world }) => world);

/** The map walker with no visitor in it: no table is ever coalesced. What a model breaks is found under this name. */
export const STOCK: Strategy = defineStrategy({
  name: 'stock',
  summary: 'no visitor: a table stays a table',
  source: 'the kernel model itself',
  walkers: ['v5', 'v6'],
});

/**
 * Explores what a kernel model is known to break by itself, each mistake alone, and gives what shows.
 *
 * @param arch - the hardware; what it forgives is not found
 * @throws RangeError where there is no such model
 */
export function modelFindings(arch: Architecture = STRICTEST, kernel: string = VERIFIED_KERNEL): ModelFinding[] {
  const model = kernelModelOf(kernel);
  return SHOWN.flatMap(({ flaw, rule, world, fwb = false }): ModelFinding[] => {
    const [history] = world.histories;
    if (history === undefined || !flaw.isIn(model)) return [];
    const rules = RULES.filter(({ name }) => name === rule);
    const found = verifyWorld(STOCK, world, { history, fwb, arch, kernel, flaws: [flaw], rules });
    if (found.counterexample === undefined) return [];
    const { what, mendedBy, option } = flaw;
    const mendedModel = `${kernel}${kernel.includes('?') ? '&' : '?'}${option}`;
    const where = { world: world.name, history, arch: arch.name };
    return [{ kernel, rule, what, mendedBy, mendedModel, ...where, counterexample: found.counterexample }];
  });
}
