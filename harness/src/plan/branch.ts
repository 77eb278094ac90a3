/** A branch of a strategy's code as a value: workers hand over those that were not taken. */

/** A branch. */
export interface Branch {
  /** Relative to the strategy's package. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What has not happened where it was not taken, with the code in question. */
  readonly text: string;
  /** What it spans in the file, in characters: what lies within was not taken either. */
  readonly start: number;
  readonly end: number;
}

/** Where a branch is and what has not happened: `src/index.ts:41:5 is never run: map.tlbiVmid();`. */
export function branchText({ file, line, column, text }: Branch): string {
  return `${file}:${line}:${column} ${text}`;
}

/** The branches that none of several runs took, those within another left out, as text. */
export function untestedIn(runs: readonly (readonly Branch[])[]): string[] {
  const [first = [], ...others] = runs;
  const theirs = others.map((run) => new Set(run.map(branchText)));
  const untaken = first.filter((branch) => theirs.every((texts) => texts.has(branchText(branch))));
  return untaken.filter((one) => !untaken.some((other) => isWithin(one, other))).map(branchText);
}

function isWithin(one: Branch, other: Branch): boolean {
  if (one.file !== other.file || one.start < other.start || one.end > other.end) return false;
  return one.end - one.start < other.end - other.start;
}
