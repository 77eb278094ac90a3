/** Which strategies read stale data, and after which history. */
import { okResults, staleReadsOf } from '../cells.ts';
import { formatCount } from '../format/count.ts';
import type { ResultDocument, Verdict, VerdictStatus } from '../schema.ts';

/** A strategy and a history, over all the cells that have both. */
export interface StrategyAndHistory {
  readonly strategy: string;
  readonly history: string;
}

/** Stale reads of a strategy under a history. */
export interface StaleGroup extends StrategyAndHistory {
  /** The most that any of the cells counted. */
  readonly most: number;
}

/** Stale reads of every strategy and history, in the document's order. */
export function staleGroups(document: ResultDocument): readonly StaleGroup[] {
  const groups = new Map<string, StaleGroup>();
  for (const result of okResults(document)) {
    const { strategy, history } = result.cell;
    const key = `${strategy}\u0000${history}`;
    const most = Math.max(staleReadsOf(result), groups.get(key)?.most ?? 0);
    groups.set(key, { strategy, history, most });
  }
  return [...groups.values()];
}

/** The strategies and histories whose verdict is so, in the document's order, each once. */
export function withVerdict(document: ResultDocument, status: VerdictStatus): readonly StrategyAndHistory[] {
  const groups = new Map<string, StrategyAndHistory>();
  for (const { cell, verdict } of document.cells) {
    const { strategy, history } = cell;
    if (verdict?.status === status) groups.set(`${strategy}\u0000${history}`, { strategy, history });
  }
  return [...groups.values()];
}

/** A verdict that is none, in words: whether nobody looked, or how far. */
export function unexploredText(verdict: Pick<Verdict, 'bounded'> | undefined): string {
  if (verdict?.bounded === undefined) return 'not explored';
  const { explorations, met } = verdict.bounded;
  return `nothing found; ${formatCount(met)} of ${formatCount(explorations)} explorations met their bound`;
}
