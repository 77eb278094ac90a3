/** Data that a module exports (a config file, a world), and what strategies say of themselves, each asked in a thread. */
import { moduleUrl } from '../cli/installation.ts';
import { runInThread } from './thread.ts';
import type { DataModule, Description, LoadSaid, LoadTask } from './load-task.ts';

const WORKER = moduleUrl('./load-worker.ts', import.meta.url);

/**
 * Loads the default export of a module that is data. `undefined` as its value: it has none.
 *
 * @param path - absolute
 */
export async function importData(path: string): Promise<DataModule> {
  let found: DataModule | undefined;
  const problem = await runInThread<LoadSaid>(WORKER, { kind: 'data', path } satisfies LoadTask, {
    hear: (said) => {
      if (said.kind === 'data') found = said.module;
    },
  });
  return found ?? { ok: false, line: '', problem: problem ?? 'exports nothing that can be read' };
}

/**
 * Asks strategies what they say of themselves, in their order. One that hangs or ends its thread costs itself alone: the
 * others are asked in another.
 *
 * @param entryUrls - of their modules
 */
export async function describeStrategies(entryUrls: readonly string[]): Promise<Description[]> {
  const found: Description[] = [];
  while (found.length < entryUrls.length) {
    const problem = await runInThread<LoadSaid>(
      WORKER,
      { kind: 'describe', entryUrls: entryUrls.slice(found.length) } satisfies LoadTask,
      {
        hear: (said) => {
          if (said.kind === 'described') found.push(said.description);
        },
      },
    );
    if (found.length < entryUrls.length) found.push({ ok: false, problem: problem ?? 'says nothing of itself' });
  }
  return found;
}
