/** Shows on stderr how far a run is; says nothing where stderr is no terminal. */
import type { CellResult } from '@s2bench/report/schema';

/** A progress display. */
export interface Progress {
  /** Counts a cell that has finished. */
  advance(result: CellResult): void;
  /** Takes the display away. Nothing may be printed to the terminal before. */
  stop(): void;
}

/** No display. */
export const SILENT: Progress = { advance: () => undefined, stop: () => undefined };

/** Starts the display for `total` cells, of which `done` are there already. */
export async function startProgress(total: number, done: number, stream: NodeJS.WriteStream): Promise<Progress> {
  if (!stream.isTTY) return SILENT;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{bar} {value}/{total} cells  {duration_formatted}  {last}',
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
    advance: ({ cell, status }) => {
      bar.increment({ last: `${cell.strategy}, ${cell.vcpus} vCPUs, ${cell.history}${status === 'ok' ? '' : `: ${status}`}` });
    },
    stop,
  };
}
