/** Safety rules over the stage-2 code's actions, and the explorer of all interleavings of a small world. */
export { replay } from './counterexample/counterexample.ts';
export { renderCounterexample } from './counterexample/render.ts';
export { COUNTEREXAMPLE_VERSION, counterexampleSchema } from './counterexample/schema.ts';
export type { Counterexample } from './counterexample/schema.ts';
export { VerifyError } from './errors.ts';
export type { Bounds, ScheduledStep, Violation } from './explore/explorer.ts';
export { RULES } from './rules/index.ts';
export type { Rule, RuleName } from './rules/rule.ts';
export { RULE_NAMES } from './rules/rule.ts';
export { makeSmallGeometry } from './small-geometry.ts';
export type { SmallLevels } from './small-geometry.ts';
export type { RawActions } from './raw-actions.ts';
export type { FaultRunner, Subject } from './subject.ts';
export { WORLDS } from './worlds/index.ts';
export { STOCK_RACES } from './worlds/stock-races.ts';
export { DEFAULT_BOUNDS, verifyWorld } from './verify-world.ts';
export type { Reductions, VerifyOptions, VerifyResult } from './verify-world.ts';
export type { GuestStep, History, HostStep, VcpuProgram, World, WorldSlot } from './world.ts';
