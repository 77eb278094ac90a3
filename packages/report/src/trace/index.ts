/** Traces: their schema, and the files that are made of them. Apart from the rest, since it is loaded only where one is made. */
export { TRACE_SCHEMA_VERSION, traceDocumentSchema, traceSchema } from './schema.ts';
export type { AgentSpan, EffectSpan, StateSpan, Trace, TraceDocument } from './schema.ts';
export { renderTimeline } from './timeline/timeline.ts';
export { perfettoTrace } from './perfetto.ts';
