/** `s2bench list`: what a matrix can be made of. */
import { relative } from 'node:path';
import { KERNEL_MODELS, kernelModelOf } from '@s2bench/kernel';
import { PROFILES } from '@s2bench/machine';
import { printable } from '@s2bench/report/printable';
import { breakLines } from '@s2bench/report/text';
import { PRESETS } from '@s2bench/studies';
import { LARGEST_WORLD, REAL_WORLDS, STOCK_RACES, VERDICT_WORLDS } from '@s2bench/verify';
import { isConfigurableWorkload, WORKLOADS } from '@s2bench/workloads';
import { EXIT } from '../cli/errors.ts';
import { lineColumns, note, print, printJson } from '../cli/terminal.ts';
import { type ConfigFile, readConfig, strategyPathsOf } from '../options/config.ts';
import { configPresets } from '../options/run-request.ts';
import { parseChoice } from '../options/values.ts';
import { describeNamed } from '../plugins/load-data.ts';
import { describeOptions } from '../plugins/options-of.ts';

/** One line of a list; in JSON with whatever else is known. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Of a strategy, a kernel model or a workload: what each may be. */
  readonly options?: Readonly<Record<string, string>>;
  readonly [more: string]: unknown;
}

type Catalogue = (cwd: string, config: ConfigFile | undefined) => Entry[] | Promise<Entry[]>;

/** The lists by name. */
export const CATALOGUES = {
  strategies: listStrategies,
  profiles: () => PROFILES.map(({ name, summary, features, cores }) => ({ name, summary, features, cores })),
  workloads: () =>
    WORKLOADS.map((workload) => ({
      name: workload.name,
      summary: workload.summary,
      source: workload.source,
      histories: workload.histories.map((history) => history.name),
      stages: workload.stages,
      memoryOf: workload.memoryOf,
      ...(isConfigurableWorkload(workload) && { options: describeOptions(workload) }),
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
    [...PRESETS, ...configPresets(config, cwd)].map(({ name, summary, title, lists, variants }) => ({
      name,
      summary,
      title,
      ...lists,
      ...(variants && { variants }),
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
  return (await describeNamed(cwd, strategyPathsOf(config))).map((found): Entry => {
    const { name, path, location } = found;
    if (!found.ok) return { name, summary: `(${found.problem})`, path: relative(cwd, path) };
    const { summary, source, contractVersion, options } = found.described;
    return {
      name,
      summary,
      source,
      contractVersion,
      ...(location?.version !== undefined && { version: location.version }),
      ...(options && { options }),
    };
  });
}

/** Prints a list; the value is the exit code. */
export async function list(
  what: string | undefined,
  flags: { readonly json?: boolean; readonly config?: string },
): Promise<number> {
  const names = Object.keys(CATALOGUES) as CatalogueName[];
  const cwd = process.cwd();
  const config = await readConfig(cwd, flags.config);
  if (what === undefined) {
    const lists: [CatalogueName, Entry[]][] = [];
    for (const name of names) lists.push([name, await CATALOGUES[name](cwd, config)]);
    if (flags.json === true) printJson(Object.fromEntries(lists));
    else {
      print(
        lists
          .map(([name, entries]) => `${name}\n${listText(printable(entries.map(withNamesOfOptions)), '  ')}`)
          .join('\n'),
      );
      note('a list by itself says what options may be: s2bench list kernels');
    }
    return EXIT.ok;
  }
  const entries = await CATALOGUES[parseChoice(what, 'list', 'list', names)](cwd, config);
  if (flags.json === true) printJson(entries);
  else print(listText(printable(entries), ''));
  return EXIT.ok;
}

/** Of all lists at once most lines would be what options may be, and the same again for each kernel model. */
function withNamesOfOptions({ options = {}, ...entry }: Entry): Entry {
  const names = Object.keys(options);
  return { ...entry, summary: `${entry.summary}${names.length === 0 ? '' : ` (options: ${names.join(', ')})`}` };
}

/** Names, and beside them what they are, which goes on below itself where the terminal ends. */
function listText(entries: readonly Entry[], indent: string): string {
  const columns = lineColumns();
  const widest = Math.max(0, ...entries.map(({ name }) => name.length));
  // A name that takes half of the line pushes what it is to the next one.
  const width = Math.min(widest, Math.floor(columns / 2) - indent.length);
  const hang = `${indent}${''.padEnd(width)}  `;
  return entries
    .map(({ name, summary, options = {} }) => {
      const lines = breakLines(summary, columns - hang.length);
      const head = `${indent}${name.padEnd(width)}  `;
      const text = name.length > width ? [`${indent}${name}`, ...lines.map((line) => hang + line)] : [];
      if (text.length === 0) text.push(...lines.map((line, at) => (at === 0 ? head : hang) + line));
      for (const [option, means] of Object.entries(options))
        text.push(...breakLines(`?${option}=: ${means}`, columns - hang.length, '  ').map((line) => hang + line));
      return text.map((line) => `${line.trimEnd()}\n`).join('');
    })
    .join('');
}
