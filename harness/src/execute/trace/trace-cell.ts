/** Simulates a cell for its trace: once to find what it is drawn around, and again, which does the same, to record it. */
import type { EffectSink, Origin } from '@s2bench/core/stage2';
import type { Clock, Listeners, MachineWatch } from '@s2bench/machine';
import type { Cell, StageName } from '@s2bench/report/schema';
import type { Trace } from '@s2bench/report/trace';
import { type CellPlugins, simulateCell } from '../simulate/cell.ts';
import { FocusFinder } from './focus.ts';
import { TraceRecorder } from './recorder.ts';

/** What of a cell is wanted. */
export interface TraceOptions {
  readonly stage: StageName;
  /** All of the stage, not only what is around its longest window. */
  readonly all: boolean;
  readonly exact: boolean;
  /** Spans that it may hold. */
  readonly mostSpans?: number;
}

/**
 * The trace of a cell.
 *
 * @throws Error where the stage has no fault to be drawn around
 */
export function traceCell(cell: Cell, plugins: CellPlugins, options: TraceOptions): Trace {
  const { stage, all, exact, mostSpans } = options;
  const run = <T extends MachineWatch>(make: (origin: Readonly<Origin>, clock: Clock) => [T, ...EffectSink[]]): T => {
    let watch: T | undefined;
    const listen = (origin: Readonly<Origin>, clock: Clock): Listeners => {
      const [made, ...sinks] = make(origin, clock);
      watch = made;
      return { watch: made, sinks };
    };
    simulateCell(cell, plugins, { stages: [stage], exact, listen });
    if (watch === undefined) throw new Error('nobody listened');
    return watch;
  };
  const focus = all ? undefined : run((origin, clock) => [new FocusFinder(origin, clock)]).focus;
  if (!all && focus === undefined) throw new Error(`${stage} has no fault that a trace could be drawn around`);
  const recorder = run((origin, clock) => {
    const made = new TraceRecorder(origin, clock, cell.vcpus, { focus, ...(mostSpans !== undefined && { mostSpans }) });
    return [made, made.sink];
  });
  return { cell, stage, scope: focus?.scope ?? 'stage', ...recorder.finish() };
}
