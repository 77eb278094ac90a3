/** `s2bench list`: what a matrix can be made of. */
import { dirname, relative, resolve } from 'node:path';
import { isConfigurable } from '@s2bench/core';
import { KERNEL_MODELS, kernelModelOf } from '@s2bench/kernel';
import { PROFILES } from '@s2bench/machine';
import { printable } from '@s2bench/report/printable';
import { PRESETS } from '@s2bench/studies';
import { LARGEST_WORLD, REAL_WORLDS, STOCK_RACES, VERDICT_WORLDS } from '@s2bench/verify';
import { WORKLOADS } from '@s2bench/workloads';
import { EXIT, oneLine, UsageError } from '../cli/errors.ts';
import { resolveOursForPlugins } from '../cli/installation.ts';
import { print, printJson } from '../cli/terminal.ts';
import { type ConfigFile, readConfig } from '../options/config.ts';
import { configPresets } from '../options/run-request.ts';
import { parseChoice } from '../options/values.ts';
import { loadExported } from '../plugins/load.ts';
import { discoverStrategies, locationOf } from '../plugins/locate.ts';
import { describeOptions } from '../plugins/options-of.ts';

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
  worlds: () =>
    [...VERDICT_WORLDS, LARGEST_WORLD, ...REAL_WORLDS, ...STOCK_RACES].map(({ name, purpose, histories, vcpus }) => ({
      name,
      summary: purpose,
      histories,
      vcpus: vcpus.length,
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

/** Prints a list; the value is the exit code. */
export async function list(
  what: string | undefined,
  flags: { readonly json?: boolean; readonly config?: string },
): Promise<number> {
  const names = Object.keys(CATALOGUES) as CatalogueName[];
  if (what === undefined) throw new UsageError(`list: name what is to be listed: ${names.join(', ')}`);
  const catalogue = CATALOGUES[parseChoice(what, 'list', 'list', names)];
  const cwd = process.cwd();
  const entries = await catalogue(cwd, await readConfig(cwd, flags.config));
  if (flags.json === true) printJson(entries);
  else print(textOf(printable(entries)));
  return EXIT.ok;
}

function textOf(entries: readonly Entry[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  return entries.map((entry) => `${entry.name.padEnd(width)}  ${entry.summary}\n${optionLines(entry, width)}`).join('');
}

/** A line below a strategy for each of its options. */
function optionLines({ options }: Entry, width: number): string {
  return Object.entries(options ?? {})
    .map(([name, what]) => `${''.padEnd(width)}  ?${name}=: ${what}\n`)
    .join('');
}
