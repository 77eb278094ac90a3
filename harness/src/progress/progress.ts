/** Shows on stderr how far a run is; says nothing where stderr is no terminal. */
import type { CellResult } from '@s2bench/report/schema';

/** A progress display. */
export interface Progress {
  /** Counts a cell that has finished. */
  advance(result: CellResult): void;
  stop(): void;
}

const SILENT: Progress = { advance: () => undefined, stop: () => undefined };

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
  bar.start(total, done, { last: '' });
  return {
    advance: ({ cell, status }) => {
      bar.increment({ last: `${cell.strategy}, ${cell.vcpus} vCPUs, ${cell.history}${status === 'ok' ? '' : `: ${status}`}` });
    },
    stop: () => {
      bar.stop();
    },
  };
}
