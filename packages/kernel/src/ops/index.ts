/** Op scripts: reading, running, writing. */
export type { TableDump } from './dump.ts';
export { dumpTable } from './dump.ts';
export type { EventKind } from './recorder.ts';
export { EVENT_KINDS, EventRecorder } from './recorder.ts';
export type { OpForm, OpResult, RunOptions } from './run.ts';
export { runScript } from './run.ts';
export type { Directive, Operation, Script, ScriptFlags, ScriptInit, ScriptLine } from './script.ts';
export { parseScript, ScriptError } from './script.ts';
