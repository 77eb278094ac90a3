/** A trace: who did what from when to when, in the simulated time of one stage of a cell. What `run --trace FILE.json` writes. */
import { z } from 'zod';
import { cellSchema, stageNameSchema } from '../schema.ts';

/** Version of the document. */
export const TRACE_SCHEMA_VERSION = 1;

const time = z.number().nonnegative().describe('simulated nanoseconds since the stage began');
const span = { startNs: time, endNs: time };
const agent = z.int().nonnegative().describe("a vCPU's number; the host's comes after the last vCPU's");

/** What an agent does, as a timeline tells it apart. */
export const TRACE_STATES = ['guest', 'host', 'waiting', 'locked'] as const;

/** From when to when an agent was in a state. */
export const stateSpanSchema = z.object({
  agent,
  state: z
    .enum(TRACE_STATES)
    .describe('in the guest; in the host without mmu_lock; from asking for mmu_lock until it has it; under it'),
  ...span,
});
/** From when to when an agent was in a state. */
export type StateSpan = z.infer<typeof stateSpanSchema>;

/** An action on memory, tables or TLBs, and the time that it took; neighbours that are alike are one. */
export const effectSpanSchema = z.object({
  agent,
  effect: z.string().min(1).describe("as the contract's stream of effects names it"),
  task: z.string(),
  phase: z.string(),
  count: z.int().positive().describe('of neighbours that are alike'),
  address: z.int().nonnegative().optional().describe('guest physical address of an entry, or physical of memory'),
  level: z.int().min(-1).max(3).optional(),
  sizeBytes: z.number().nonnegative().optional().describe('of all of them'),
  ...span,
});
/** An action on memory, tables or TLBs, and the time that it took. */
export type EffectSpan = z.infer<typeof effectSpanSchema>;

/** Something that an agent is told of as a whole: an invalid window that it made, or a fault of its own. */
export const agentSpanSchema = z.object({ agent, ...span });
/** Something that an agent is told of as a whole. */
export type AgentSpan = z.infer<typeof agentSpanSchema>;

/** A cell's trace. */
export const traceSchema = z.object({
  cell: cellSchema,
  stage: stageNameSchema,
  scope: z
    .enum(['window', 'fault', 'stage'])
    .describe('around the longest invalid window; where there was none, the longest fault; or all of the stage'),
  ...span,
  states: z.array(stateSpanSchema).describe('by agent, then by time; no two of an agent overlap'),
  effects: z.array(effectSpanSchema).describe('by agent, then by time; each within a state of its agent'),
  windows: z.array(agentSpanSchema).describe('invalid windows, each as the result counts it'),
  faults: z.array(agentSpanSchema).describe('of vCPUs that came back to the guest, from the fault on: their stalls'),
  leftOut: z.int().nonnegative().describe('spans that were more than a trace holds'),
});
/** A cell's trace. */
export type Trace = z.infer<typeof traceSchema>;

/** Traces of several cells. */
export const traceDocumentSchema = z.object({
  kind: z.literal('s2bench-trace'),
  schemaVersion: z.literal(TRACE_SCHEMA_VERSION),
  toolVersion: z.string(),
  traces: z.array(traceSchema),
});
/** Traces of several cells. */
export type TraceDocument = z.infer<typeof traceDocumentSchema>;
