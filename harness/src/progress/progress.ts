/** Shows on stderr how far a run is; says nothing where stderr is no terminal. */
/** A progress display. */
export interface Progress {
  /** Counts one that has finished, and says which. */
  advance(last: string): void;
  /** Tells the user something, beside the display. */
  say(line: string): void;
  /** Takes the display away. Nothing may be printed to the terminal before. */
  stop(): void;
}

/** No display. */
export const SILENT: Progress = {
  advance: () => undefined,
  say: (line) => process.stderr.write(`s2bench: ${line}\n`),
  stop: () => undefined,
};

/** What is counted: `done` of `total` are there already. */
export interface ProgressCount {
  /** What they are: "cells". */
  readonly what: string;
  readonly total: number;
  readonly done: number;
}

/** Starts the display. */
export async function startProgress(
  { what, total, done }: ProgressCount,
  stream: NodeJS.WriteStream,
): Promise<Progress> {
  if (!stream.isTTY) return SILENT;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream,
    format: `{bar} {value}/{total} ${what}  {duration_formatted}  {last}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
  });
  let running = true;
  const stop = (): void => {
    if (!running) return;
    running = false;
    process.off('exit', stop);
    bar.stop();
  };
  // The display hides the cursor; it must come back however the program ends.
  process.once('exit', stop);
  bar.start(total, done, { last: '' });
  return {
    advance: (last) => {
      bar.increment({ last });
    },
    say: (line) => {
      // Over the bar, which is drawn anew below.
      stream.write(`\r\x1b[2Ks2bench: ${line}\n`);
      if (running) bar.update({});
    },
    stop,
  };
}
