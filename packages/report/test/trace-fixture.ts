/** Traces of one coalesce, by a few lines of arithmetic: the first vCPU makes a block, the others wait for mmu_lock. */
import type { EffectSpan, StateSpan, Trace, TraceDocument } from '../src/trace/schema.ts';
import { TRACE_SCHEMA_VERSION } from '../src/trace/schema.ts';
import { threadCell } from './thread-fixture.ts';

const EXIT_NS = 700.25;
const TLBI_NS = 1500.5;
const STORE_NS = 20.1;
const SERVED_NS = 400.4;

/** What a trace is made of. */
export interface TraceShape {
  readonly strategy: string;
  readonly vcpus: number;
  /** How long the block is cleaned; where it is not, 0. */
  readonly cleanNs: number;
  /** The others share the lock, and stand in it side by side. */
  readonly shares?: boolean;
  readonly cleansBefore?: boolean;
}

/** One coalesce. */
export function someTrace({ strategy, vcpus, cleanNs, shares = false, cleansBefore = false }: TraceShape): Trace {
  const states: StateSpan[] = [];
  const effects: EffectSpan[] = [];
  const at = { agent: 0, task: 'fault', phase: 'map', count: 1 };
  let nowNs = EXIT_NS;
  const after = (ns: number): { startNs: number; endNs: number } => ({ startNs: nowNs, endNs: (nowNs += ns) });
  const clean = (): void => {
    if (cleanNs > 0)
      effects.push({ ...at, effect: 'dcacheClean', sizeBytes: 2 ** 21, address: 2 ** 46, ...after(cleanNs) });
  };
  states.push({ agent: 0, state: 'host', startNs: 0, endNs: EXIT_NS });
  effects.push({ ...at, phase: 'exit', effect: 'guestExited', startNs: 0, endNs: EXIT_NS });
  const lockedNs = nowNs;
  if (cleansBefore) clean();
  const brokenNs = nowNs;
  effects.push({ ...at, effect: 'entryInvalidated', address: 2 ** 30, level: 2, ...after(STORE_NS) });
  effects.push({ ...at, effect: 'tlbiIpa', address: 2 ** 30, level: 0, ...after(TLBI_NS) });
  if (!cleansBefore) clean();
  const madeNs = nowNs;
  effects.push({ ...at, effect: 'leafInstalled', address: 2 ** 30, level: 2, ...after(STORE_NS) });
  effects.push({ ...at, effect: 'tableFreed', ...after(STORE_NS) });
  states.push({ agent: 0, state: 'locked', startNs: lockedNs, endNs: nowNs });
  states.push({ agent: 0, state: 'host', ...after(EXIT_NS) });
  const faults = [{ agent: 0, startNs: 0, endNs: nowNs }];
  let freeNs = nowNs - EXIT_NS;
  for (let agent = 1; agent < vcpus; agent++) {
    const raisedNs = agent * 50.5;
    const gotNs = freeNs;
    if (!shares) freeNs += SERVED_NS;
    states.push({ agent, state: 'guest', startNs: 0, endNs: raisedNs });
    states.push({ agent, state: 'host', startNs: raisedNs, endNs: raisedNs + EXIT_NS });
    states.push({ agent, state: 'waiting', startNs: raisedNs + EXIT_NS, endNs: gotNs });
    states.push({ agent, state: 'locked', startNs: gotNs, endNs: gotNs + SERVED_NS });
    states.push({ agent, state: 'host', startNs: gotNs + SERVED_NS, endNs: gotNs + SERVED_NS + EXIT_NS });
    faults.push({ agent, startNs: raisedNs, endNs: gotNs + SERVED_NS + EXIT_NS });
  }
  return {
    cell: threadCell({ strategy, vcpus, memoryBytes: 2 ** 30, granuleBytes: 2 ** 21 }),
    stage: 'ADJUST',
    scope: 'window',
    startNs: 0,
    endNs: Math.max(...states.map(({ endNs }) => endNs)),
    states,
    effects,
    windows: [
      { agent: 0, startNs: brokenNs, endNs: madeNs },
      { agent: 0, startNs: brokenNs + 1, endNs: madeNs - 1 },
    ],
    faults,
    leftOut: 0,
  };
}

/** Several. */
export function someTraces(
  shapes: readonly TraceShape[] = [
    { strategy: 'baseline', vcpus: 4, cleanNs: 955_000.125 },
    { strategy: 'clean-first', vcpus: 4, cleanNs: 955_000.125, cleansBefore: true },
    { strategy: 'no-clean', vcpus: 6, cleanNs: 0, shares: true },
  ],
): TraceDocument {
  const traces = shapes.map(someTrace);
  return { kind: 's2bench-trace', schemaVersion: TRACE_SCHEMA_VERSION, toolVersion: '0.0.0', traces };
}
