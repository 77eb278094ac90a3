/** The thread that loads data and asks strategies what they say of themselves. */
import { enableCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { takeTask } from './thread-task.ts';
import type { DataModule, Description, LoadSaid, LoadTask, WorkloadFound } from './load-data.ts';

enableCompileCache();
const { task, say, loading, done } = takeTask<LoadTask, LoadSaid>();
const { resolveOursForPlugins } = await import('../cli/installation.ts');
const { oneLine, syntaxLine } = await import('../cli/errors.ts');
resolveOursForPlugins();
if (task.kind === 'data') say({ kind: 'data', module: await dataOf(task.path) });
else if (task.kind === 'workload') say({ kind: 'workload', found: await workloadAt(task.entryUrl) });
else {
  for (const entryUrl of task.entryUrls) say({ kind: 'described', description: await descriptionOf(entryUrl) });
}
done();

async function dataOf(path: string): Promise<DataModule> {
  const { plainOf } = await import('./plain.ts');
  const { importProblem } = await import('./import-problem.ts');
  loading();
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return { ok: true, value: plainOf(module.default) };
  } catch (error) {
    return { ok: false, line: syntaxLine(error, path), problem: await importProblem(error) };
  }
}

async function workloadAt(entryUrl: string): Promise<WorkloadFound> {
  const { loadWorkload, metadataOf } = await import('./load-workload.ts');
  loading();
  try {
    return { ok: true, workload: metadataOf(await loadWorkload(entryUrl)) };
  } catch (error) {
    return { ok: false, problem: oneLine(error) };
  }
}

async function descriptionOf(entryUrl: string): Promise<Description> {
  const { describeStrategy } = await import('./load.ts');
  loading();
  try {
    return { ok: true, described: await describeStrategy(entryUrl) };
  } catch (error) {
    return { ok: false, problem: oneLine(error) };
  }
}
