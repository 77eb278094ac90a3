/** `s2bench watch`: looks at a strategy on every save. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { watch as watchFiles } from 'chokidar';
import { EXIT } from '../../cli/exit-codes.ts';
import { watchInterrupt } from '../../cli/interrupt.ts';
import { discoverStrategies } from '../../plugins/discover.ts';
import { locateStrategy, type StrategyLocation } from '../../plugins/locate.ts';
import { SpareWorkers } from '../../watch/spares.ts';
import { Screen } from './screen.ts';

/** The command's flags as commander gives them. */
export interface WatchFlags {
  readonly against: string;
}

/** Loading a module takes milliseconds; one that takes this long hangs. */
const LOAD_LIMIT_MS = 20_000;
/** An editor that saves in two steps is one save. */
const SETTLE_MS = 25;

/** Runs the command; the value is the exit code. It ends with Ctrl-C. */
export async function watch(text: string, { against }: WatchFlags): Promise<number> {
  const cwd = process.cwd();
  const known = discoverStrategies(cwd);
  const location = locateStrategy(text, known, cwd, 'watch');
  const beside = locateStrategy(against, known, cwd, '--against');
  const interrupt = watchInterrupt(() => 'stopped watching');
  const workers = new SpareWorkers();
  const watcher = watchFiles(pathsOf(location), { ignoreInitial: true });
  let looks = 0;
  const look = async (sinceMs: number, since: string): Promise<void> => {
    const number = ++looks;
    const screen = new Screen(location.spec);
    const isDone = await workers.look(
      { url: location.entryUrl, againstUrl: beside.entryUrl, cwd },
      LOAD_LIMIT_MS,
      (message) => {
        if (message.kind === 'loaded' || message.kind === 'problem') watcher.add([...message.files]);
        screen.add(message);
      },
    );
    if (number !== looks || interrupt.signal.aborted) return;
    const [problem] = isDone ? screen.problems : [...screen.problems, 'its worker ended'];
    if (problem !== undefined) process.stderr.write(`s2bench: ${location.spec}: ${problem}\n`);
    else
      process.stdout.write(
        screen.render(`${((performance.now() - sinceMs) / 1000).toFixed(2)} s ${since}`, process.stdout.isTTY),
      );
  };
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', (event) => {
    // A file that goes comes back in a moment, where an editor saves so.
    if (event === 'unlink') return;
    const savedMs = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => void look(savedMs, 'after the save'), SETTLE_MS);
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  interrupt.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  try {
    await Promise.race([workers.ready(), promise]);
    void look(performance.now(), 'for the first look');
    await promise;
    return EXIT.interrupted;
  } finally {
    clearTimeout(timer);
    await watcher.close();
    await workers.stop();
    interrupt.stop();
  }
}

/** The file, or of a folder the one that is loaded. What it imports is added when it was. */
function pathsOf({ sourcePath, entryUrl }: StrategyLocation): string[] {
  return statSync(sourcePath).isFile() ? [sourcePath] : [fileURLToPath(new URL(new URL(entryUrl).pathname, 'file:'))];
}
