/** How text is shown: as wide and as colourful as where it goes. */

/** How text is shown. */
export interface TextOptions {
  readonly columns: number;
  /** Whether to mark what matters in colour. The words are there without it. */
  readonly color: boolean;
}

/** Columns of a text that goes to a file, a pipe, or a terminal that does not know its width. */
const DEFAULT_COLUMNS = 120;

/** What stdout shows. */
export function stdoutOptions(): TextOptions {
  const { stdout } = process;
  return {
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : DEFAULT_COLUMNS,
    color: stdout.isTTY && stdout.hasColors(),
  };
}
