/** The lists of `s2bench list`. */
import { dirname, relative, resolve } from 'node:path';
import { isConfigurable, KERNEL_MODELS, kernelModelOf } from '@s2bench/core';
import { PROFILES } from '@s2bench/machine';
import { WORKLOADS } from '@s2bench/workloads';
import { oneLine } from '../../cli/one-line.ts';
import type { ConfigFile } from '../../config/read.ts';
import { configPresets } from '../../options/run-request.ts';
import { discoverStrategies } from '../../plugins/discover.ts';
import { loadExported } from '../../plugins/load.ts';
import { locationOf } from '../../plugins/locate.ts';
import { describeOptions } from '../../plugins/options-of.ts';
import { resolveOursForPlugins } from '../../plugins/resolve-ours.ts';
import { PRESETS } from '../../presets/index.ts';

/** One line of a list; in JSON with whatever else is known. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Of a strategy or a kernel model: what each may be. */
  readonly options?: Readonly<Record<string, string>>;
  readonly [more: string]: unknown;
}

type Catalogue = (cwd: string, config: ConfigFile | undefined) => Entry[] | Promise<Entry[]>;

/** The lists by name. */
export const CATALOGUES = {
  strategies: listStrategies,
  profiles: () => PROFILES.map(({ name, summary, features, cores }) => ({ name, summary, features, cores })),
  workloads: () =>
    WORKLOADS.map(({ name, summary, source, histories }) => ({
      name,
      summary,
      source,
      histories: histories.map((history) => history.name),
    })),
  histories: () =>
    WORKLOADS.flatMap((workload) =>
      workload.histories.map(({ name, summary }) => ({
        name,
        summary: `${summary} (${workload.name})`,
        workload: workload.name,
      })),
    ),
  presets: (cwd, config) =>
    [...PRESETS, ...configPresets(config, cwd)].map(({ name, summary, title, lists }) => ({
      name,
      summary,
      title,
      ...lists,
    })),
  kernels: () => KERNEL_MODELS.map((model) => ({ ...kernelModelOf(model.name), options: describeOptions(model) })),
} as const satisfies Record<string, Catalogue>;

/** Name of a list. */
export type CatalogueName = keyof typeof CATALOGUES;

/** A strategy that cannot be loaded is listed with the reason, so that one broken package hides no other. */
async function listStrategies(cwd: string, config: ConfigFile | undefined): Promise<Entry[]> {
  resolveOursForPlugins();
  const extra = config?.config.strategies?.map((path) => resolve(dirname(config.path), path)) ?? [];
  const found = [...discoverStrategies(cwd, extra)];
  return Promise.all(
    found.map(async ([name, path]): Promise<Entry> => {
      try {
        const { entryUrl, version } = locationOf(path, name, name);
        const strategy = await loadExported(entryUrl);
        const { summary, source, contractVersion } = strategy;
        const options = isConfigurable(strategy) ? describeOptions(strategy) : undefined;
        return {
          name,
          summary,
          source,
          contractVersion,
          ...(version !== undefined && { version }),
          ...(options && { options }),
        };
      } catch (error) {
        return { name, summary: `(${oneLine(error)})`, path: relative(cwd, path) };
      }
    }),
  );
}
