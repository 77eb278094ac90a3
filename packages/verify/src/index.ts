/** Safety rules over the stage-2 code's actions, and the explorer of all interleavings of a small world. */
export { casemateFiles, counterexampleFile, sampleAcceptedRuns } from './casemate/files.ts';
export type { CasemateFile, SampleOptions } from './casemate/files.ts';
export {
  CASEMATE_INDEX,
  CASEMATE_INDEX_VERSION,
  casemateIndexSchema,
  writeIndex as writeCasemateIndex,
} from './casemate/export-index.ts';
export type { CasemateAnswer, CasemateIndex, CasemateTrace } from './casemate/export-index.ts';
export { judgeTrace } from './casemate/judge.ts';
export type { Judgement } from './casemate/judge.ts';
export { parseTrace } from './casemate/parse.ts';
export type { Limit } from './casemate/reach.ts';
export type { CasemateAction, CasemateRecord } from './casemate/records.ts';
export { writeTrace } from './casemate/write.ts';
export { parseWorld } from './check-world.ts';
export { CoalesceJudge } from './real/coalesce-judge.ts';
export type { CoalesceJudging, RealFinding, RealRange } from './real/coalesce-judge.ts';
export { REAL_WORLDS } from './real/real-worlds.ts';
export type { RealWorld } from './real/real-worlds.ts';
export { verifyReal } from './real/verify-real.ts';
export type { RealOptions } from './real/verify-real.ts';
export { replay } from './counterexample/counterexample.ts';
export type { Replayed } from './counterexample/counterexample.ts';
export { renderCounterexample, renderRows } from './counterexample/render.ts';
export { COUNTEREXAMPLE_VERSION, counterexampleSchema } from './counterexample/schema.ts';
export type { Counterexample, CounterexampleOf } from './counterexample/schema.ts';
export type { ExplorationRecord, SharedExplorations } from './exploration-record.ts';
export { RuleKeptError, VerifyError } from './errors.ts';
export {
  architectureFor,
  architectureOf,
  ARCHITECTURES,
  lackingIn,
  LENIENT,
  STRICTEST,
} from './hardware/architecture.ts';
export type { Architecture, ChosenArchitecture } from './hardware/architecture.ts';
export { expectationOf, judgeStrategy, unknownRules } from './judgement.ts';
export type { Expectation, StrategyJudgement } from './judgement.ts';
export { OtherTable } from './kernel/other-table.ts';
export { replacedTables } from './kernel/replaced-tables.ts';
export type { ReplacedTable } from './kernel/replaced-tables.ts';
export { withoutClocks } from './kernel/clocks.ts';
export type { Section } from './kernel/kernel.ts';
export { VERIFIED_KERNEL } from './kernel/rig.ts';
export type { KernelState, TablePage } from './kernel/kernel-state.ts';
export { isOwed, OWED } from './memory/page-state.ts';
export type { Bounds } from './explore/bounds.ts';
export type { ScheduledStep, Violation } from './explore/explorer.ts';
export { playWorld } from './play-world.ts';
export type { PlayedFinding, PlayOptions } from './play-world.ts';
export { VERIFY_SCHEMA_VERSION, verifyDocumentSchema, verifyResultSchema } from './result-schema.ts';
export type { VerifyDocument } from './result-schema.ts';
export { checkTrace } from './rules/check-trace.ts';
export type { TraceFinding } from './rules/check-trace.ts';
export { RULES } from './rules/index.ts';
export type { Observer, Rule, RuleName, SectionEnd } from './rules/rule.ts';
export type { Trace, TraceStep } from './rules/trace.ts';
export { RULE_NAMES } from './rules/rule.ts';
export { makeSmallGeometry } from './small-geometry.ts';
export type { SmallLevels } from './small-geometry.ts';
export type { RawActions } from './raw-actions.ts';
export type { Subject } from './subject.ts';
export { GENERATED, GENERATED_WORLDS } from './worlds/generated.ts';
export { HOOK_WORLDS } from './worlds/hook-worlds.ts';
export { LARGEST_WORLD, NAMED_WORLDS, SMALL_WORLDS, VERDICT_WORLDS, worldOf, WORLDS } from './worlds/index.ts';
export { STOCK_RACES } from './worlds/stock-races.ts';
export { MODEL_WORLDS, modelFindings, STOCK } from './model-findings.ts';
export type { ModelFinding } from './model-findings.ts';
export { isRealTable, verifySetting } from './verify-setting.ts';
export type { AnyWorld } from './verify-setting.ts';
export type { Company } from './explore/joint/company.ts';
export type { LinkBuffers, LinkSizes } from './explore/joint/link.ts';
export { DEFAULT_BOUNDS, joinExploration, verifyWorld } from './verify-world.ts';
export type { Reductions, VerifyOptions, VerifyResult } from './verify-world.ts';
export { HISTORIES } from '@s2bench/kernel';
export type { History } from '@s2bench/kernel';
export { PAGE_BYTES } from './world.ts';
export { worldSchema } from './world-schema.ts';
export type { GuestStep, HostStep, VcpuProgram, World, WorldSlot } from './world.ts';
