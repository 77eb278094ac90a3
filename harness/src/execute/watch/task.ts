/**
 * What travels between `s2bench watch` and its workers, plain values only, since all of it is cloned; and the small
 * matrix that it looks at.
 */
import type { Cell, StageResult } from '@s2bench/report/schema';

const MIB = 2 ** 20;
/** Histories of the small matrix. */
export const HISTORIES = ['block-first', 'logging-first'];
/** The setting of the small matrix. */
export const CELL: Omit<Cell, 'strategy' | 'history'> = {
  vcpus: 4,
  memoryBytes: 64 * MIB,
  granuleBytes: 2 * MIB,
  pageSizeBytes: 4096,
  backing: 'hugetlb',
  profile: 'kunpeng920',
  kernel: 'v5.12p1',
  workload: 'page-table-test',
  seed: 1,
};

/** The setting in words. */
export const SETTING = `ADJUST, ${CELL.memoryBytes / MIB}M of ${CELL.granuleBytes / MIB}M blocks, ${CELL.vcpus} vCPUs, ${CELL.profile}`;

/** What one worker looks at; two share the work of a save. */
export type WatchPart = 'conformance' | 'verdict-and-effect';

/** A strategy to be looked at. A worker does one such task: the next save needs a fresh module cache. */
export interface WatchTask {
  readonly part: WatchPart;
  readonly url: string;
  /** What its effect is set beside. */
  readonly againstUrl: string;
  /** Width of a counterexample. */
  readonly columns: number;
  /** Findings keep their op scripts in `.results/` of this folder. */
  readonly cwd: string;
  /** Counts its visits, so that one that does not return is seen. */
  readonly pulse: SharedArrayBuffer;
}

/** The stage in which blocks come back, in one setting. */
export interface WatchCell {
  readonly history: string;
  readonly stage: StageResult;
  /** The same of the strategy that it is set beside. */
  readonly against: StageResult;
}

/** What a worker says. */
export type WatchMessage =
  | { readonly kind: 'ready' }
  /** Loaded: its name, and the files that it is made of. */
  | { readonly kind: 'loaded'; readonly name: string; readonly files: readonly string[] }
  /** It cannot be used, or it threw: one line. The files are those that were read. */
  | { readonly kind: 'problem'; readonly problem: string; readonly files: readonly string[] }
  /** What is found of it, each as text of one line or more; and notes, each one line, which are no findings. */
  | { readonly kind: 'conformance'; readonly reports: readonly string[]; readonly notes: readonly string[] }
  | { readonly kind: 'verdict'; readonly verdict: WatchVerdict }
  | { readonly kind: 'effect'; readonly againstName: string; readonly cells: readonly WatchCell[] };

/** What exploring a few small worlds came to. */
export interface WatchVerdict {
  readonly worlds: number;
  /** Rules that are broken as the strategy expects, each with the first world that shows it. */
  readonly expected: readonly string[];
  /** The other rules that are broken, in the same way. */
  readonly unexpected: readonly string[];
  /** The shortest counterexample to one of those, as text. */
  readonly counterexample?: string;
}
