/**
 * The worker of one save: it loads everything of ours and warms it up, waits for its task, does it, and is done with.
 */
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { WatchMessage, WatchTask } from './task.ts';

enableCompileCache();

const { guardStrategy, watchStrategy } = await import('../../plugins/visitors.ts');
const { loadStrategy } = await import('../../plugins/load.ts');
const { resolveOursForPlugins } = await import('../../cli/installation.ts');
const { redirectStdout } = await import('../work-cells.ts');
const { oneLine } = await import('../../cli/errors.ts');
const { conformanceNotes, conformanceReports, effectOf, verdictOf, WARMER } = await import('./look.ts');

resolveOursForPlugins();
redirectStdout();

const say = (message: WatchMessage): void => parentPort?.postMessage(message);

/** Files that the strategy is made of: whatever is loaded from now on. */
const files = new Set<string>();

/** Of what is not shown. */
const WARMING_COLUMNS = 80;

// What V8 has compiled when the task comes need not be compiled while somebody waits.
conformanceReports(WARMER, '.');
verdictOf(WARMER, WARMING_COLUMNS, ['full-table', 'partial-table']);
effectOf(WARMER, WARMER);

registerHooks({
  load: (url, context, nextLoad) => {
    if (url.startsWith('file:') && !url.includes('/node_modules/')) files.add(fileURLToPath(url));
    return nextLoad(url, context);
  },
});

parentPort?.once('message', (task: WatchTask) => {
  void look(task).finally(() => parentPort?.close());
});
say({ kind: 'ready' });

async function look({ part, columns, url, againstUrl, cwd, pulse }: WatchTask): Promise<void> {
  try {
    const strategy = watchStrategy(guardStrategy(await loadStrategy(url)), pulse);
    say({ kind: 'loaded', name: strategy.name, files: [...files] });
    if (part === 'conformance') {
      say({
        kind: 'conformance',
        reports: conformanceReports(strategy, cwd),
        notes: conformanceNotes(strategy),
      });
      return;
    }
    say({ kind: 'verdict', verdict: verdictOf(strategy, columns) });
    const against = await loadStrategy(againstUrl);
    say({ kind: 'effect', againstName: against.name, cells: effectOf(strategy, against) });
  } catch (error) {
    say({ kind: 'problem', problem: oneLine(error), files: [...files] });
  }
}
