/** Whose fault a trace is drawn around. */
import type { Trace } from '../schema.ts';

/** The vCPU whose fault the trace is drawn around: it made the longest window, else it had the longest fault. */
export function makerOf({ windows, faults }: Trace): number {
  const longest = [...(windows.length > 0 ? windows : faults)].toSorted(
    (a, b) => b.endNs - b.startNs - (a.endNs - a.startNs) || a.agent - b.agent,
  );
  return longest[0]?.agent ?? 0;
}
