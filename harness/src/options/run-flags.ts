/**
 * The flags of `s2bench run` that span a matrix, as data: the command line, the config file and presets share the keys,
 * and lie on top of each other.
 */
import { splitStrategies } from '../plugins/strategy-text.ts';

/** A flag that takes a list, which spans the matrix. */
export interface ListFlag {
  readonly flag: string;
  readonly placeholder: string;
  readonly help: string;
}

/** The flags that span the matrix, in the order in which the normalised command writes them. */
export const LIST_FLAGS = {
  strategy: {
    flag: '--strategy',
    placeholder: 'names',
    help: 'strategies: names, packages, folders or .ts/.js files; options follow a ?; upstream: what the kernel does',
  },
  logStart: {
    flag: '--log-start',
    placeholder: 'names',
    help: 'what is done where logging starts, beside each strategy: plugins with such a hook, or upstream (the default)',
  },
  logStop: {
    flag: '--log-stop',
    placeholder: 'names',
    help: 'what is done where logging stops: recover-zap, recover-collapse, …, or upstream (the default)',
  },
  vcpus: { flag: '--vcpus', placeholder: 'numbers', help: 'vCPUs of the guest: 20,40, or 1..64:x2, or 8..64:+8' },
  memory: {
    flag: '--memory',
    placeholder: 'sizes',
    help: 'size of the memslot, with some workloads of each vCPU’s part: 20G, or 1G..16G (which doubles)',
  },
  granule: {
    flag: '--granule',
    placeholder: 'sizes',
    help: 'block that the backing gives: 1G, 2M (16K pages: 32M, 64K pages: 512M; anonymous: the page size), a range, or largest',
  },
  pageSize: { flag: '--page-size', placeholder: 'sizes', help: 'page size: 4K, 16K, 64K' },
  backing: { flag: '--backing', placeholder: 'names', help: 'host backing: hugetlb, thp, anonymous' },
  history: { flag: '--history', placeholder: 'names', help: 'what happened to the memslot before' },
  profile: { flag: '--profile', placeholder: 'names', help: 'machine profiles: names or .json files' },
  kernel: { flag: '--kernel', placeholder: 'names', help: 'kernel models; options follow a ?' },
  workload: { flag: '--workload', placeholder: 'names', help: 'what guests and host do; options follow a ?' },
  stages: {
    flag: '--stages',
    placeholder: 'names',
    help: 'stages to be timed (spans nothing): all, or those of the workload, as CREATE,ADJUST',
  },
  seed: { flag: '--seed', placeholder: 'numbers', help: 'seeds of random workloads' },
} as const satisfies Record<string, ListFlag>;

/** Key of a list flag, in the config file and in presets. */
export type ListKey = keyof typeof LIST_FLAGS;
/** The keys of the list flags, in their order. */
export const LIST_KEYS = Object.keys(LIST_FLAGS) as ListKey[];

/** Axes by the names that conditions and layouts have for them: as their flags are written, `page-size`. */
export function axesByName<Key extends ListKey>(keys: readonly Key[]): ReadonlyMap<string, Key> {
  return new Map(keys.map((key) => [LIST_FLAGS[key].flag.replace(/^--/, ''), key]));
}

/** Texts of list flags, as one source gives them. */
export type ListTexts = Partial<Record<ListKey, readonly string[]>>;

/** Splits a comma-separated list. Empty items stay, for the parser of the item to refuse. */
export function splitList(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

/** What has options: what follows those belongs to them, so that its flag may stand several times. */
export type OptionedKey = 'strategy' | 'kernel' | 'workload' | 'logStart' | 'logStop';

/** Whether a list is of hooks. Left out, it spans nothing. */
export function isHookKey(key: ListKey): key is 'logStart' | 'logStop' {
  return key === 'logStart' || key === 'logStop';
}

/** Whether the items of a list may have options, whose values are lists too. */
export function hasOptions(key: ListKey): key is OptionedKey {
  return key === 'strategy' || key === 'kernel' || key === 'workload' || isHookKey(key);
}

/** Splits the list of a key. */
export function splitListOf(key: ListKey, text: string): string[] {
  return hasOptions(key) ? splitStrategies(text) : splitList(text);
}

/** One source of options. */
export interface OptionLayer {
  readonly lists: ListTexts;
  /** How messages name an option of this source: `--vcpus`, or `s2bench.config.json: vcpus`. */
  origin(key: ListKey): string;
}

/** The texts of an option, and who gave them. */
export interface GivenTexts {
  readonly texts: readonly string[];
  readonly origin: string;
  /** How high the layer is that gave them. */
  readonly level: number;
}

/** Every option, from the highest layer that gives it. Only the granule and hooks may be missing. */
export type GivenOptions = Record<Exclude<ListKey, MissingKey>, GivenTexts> & { [Key in MissingKey]?: GivenTexts };

/** What need not be given. */
type MissingKey = 'granule' | 'logStart' | 'logStop';

/** The layer of the command line. */
export function flagLayer(lists: ListTexts): OptionLayer {
  return { lists, origin: (key) => LIST_FLAGS[key].flag };
}

/** A layer whose options are named by a source and a key. */
export function namedLayer(sourceName: string, lists: ListTexts): OptionLayer {
  return { lists, origin: (key) => `${sourceName}: ${key}` };
}

/**
 * Merges layers, the lowest first.
 *
 * A granule says which block a backing gives at a page size. Where a higher layer gives another backing or page
 * size and no granule, the lower layer's granule no longer means anything and is dropped: each backing then gives
 * its largest block.
 *
 * @throws Error where no layer gives an option: the lowest must be a complete preset
 */
export function mergeLayers(layers: readonly OptionLayer[]): GivenOptions {
  const levelOf = (key: ListKey): number => layers.findLastIndex((layer) => layer.lists[key] !== undefined);
  const granuleLevel = levelOf('granule');
  const merged: Partial<Record<ListKey, GivenTexts>> = {};
  for (const key of LIST_KEYS) {
    if (key === 'granule' && granuleLevel < Math.max(levelOf('backing'), levelOf('pageSize'))) continue;
    const level = levelOf(key);
    const layer = layers[level];
    const texts = layer?.lists[key];
    if (layer === undefined || texts === undefined) {
      if (key === 'granule' || isHookKey(key)) continue;
      throw new Error(`no layer gives ${key}`);
    }
    merged[key] = { texts, origin: layer.origin(key), level };
  }
  return merged as GivenOptions;
}
