/** Data that a module exports (a config file, a world), and what strategies say of themselves, each asked in a thread. */
import { oneLine } from '../cli/errors.ts';
import { workerUrl } from '../cli/installation.ts';
import type { Described } from './load.ts';
import { discoverStrategies, locationOf, type StrategyLocation } from './locate.ts';
import type { WorkloadMetadata } from './load-workload.ts';
import { runInThread } from './thread.ts';

const worker = (): URL => workerUrl('load-worker', './load-worker.ts', import.meta.url);

/** Data of a module, or why there is none. */
export type DataModule =
  | { readonly ok: true; readonly value: unknown }
  /** `line` is `:LINE` where a syntax error has one. */
  | { readonly ok: false; readonly line: string; readonly problem: string };

/** What a strategy says of itself, or why it cannot be used. */
export type Description =
  { readonly ok: true; readonly described: Described } | { readonly ok: false; readonly problem: string };

/** What a workload says of itself, or why it cannot be used. */
export type WorkloadFound =
  { readonly ok: true; readonly workload: WorkloadMetadata } | { readonly ok: false; readonly problem: string };

/** What a thread is asked: for the default export of a module, as data, or for what strategies say of themselves. */
export type LoadTask =
  | { readonly kind: 'data'; readonly path: string }
  | { readonly kind: 'describe'; readonly entryUrls: readonly string[] }
  | { readonly kind: 'workload'; readonly entryUrl: string };

/** What it answers. */
export type LoadSaid =
  | { readonly kind: 'data'; readonly module: DataModule }
  | { readonly kind: 'described'; readonly description: Description }
  | { readonly kind: 'workload'; readonly found: WorkloadFound };

/**
 * Loads the default export of a module that is data. `undefined` as its value: it has none.
 *
 * @param path - absolute
 */
export async function importData(path: string): Promise<DataModule> {
  let found: DataModule | undefined;
  const problem = await runInThread<LoadSaid>(worker(), { kind: 'data', path } satisfies LoadTask, {
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
      worker(),
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

/**
 * Asks a workload what it says of itself, with the options that its URL gives it.
 *
 * @param entryUrl - of its module
 */
export async function describeWorkload(entryUrl: string): Promise<WorkloadFound> {
  let found: WorkloadFound | undefined;
  const problem = await runInThread<LoadSaid>(worker(), { kind: 'workload', entryUrl } satisfies LoadTask, {
    hear: (said) => {
      if (said.kind === 'workload') found = said.found;
    },
  });
  return found ?? { ok: false, problem: problem ?? 'says nothing of itself' };
}

/** A strategy that can be named, and what it says of itself or why nothing is known of it. */
export type NamedDescription = Description & {
  readonly name: string;
  /** Of its file or folder. */
  readonly path: string;
  readonly location?: StrategyLocation;
};

/**
 * What every strategy says of itself that can be named.
 *
 * @param extra - paths besides those that are found from the current directory
 */
export async function describeNamed(cwd: string, extra: readonly string[]): Promise<NamedDescription[]> {
  const located = [...discoverStrategies(cwd, extra)].map(([name, path]) => ({ name, path, ...locatedAt(path, name) }));
  const entryUrls = located.flatMap((one) => (one.ok ? [one.location.entryUrl] : []));
  const described = (await describeStrategies(entryUrls)).values();
  return located.map((one) => (one.ok ? { ...one, ...(described.next().value as Description) } : one));
}

/** Where a strategy is, or why it is nowhere. */
function locatedAt(
  path: string,
  name: string,
): { readonly ok: true; readonly location: StrategyLocation } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, location: locationOf(path, name, name) };
  } catch (error) {
    return { ok: false, problem: oneLine(error) };
  }
}
