/** Puts what the flags, the config file and the preset say on top of each other. */
import { LIST_FLAGS, LIST_KEYS, type ListKey, type ListTexts } from './run-flags.ts';

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
}

/** Every option, from the highest layer that gives it. Only the granule may be missing. */
export type GivenOptions = Record<Exclude<ListKey, 'granule'>, GivenTexts> & { granule?: GivenTexts };

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
    const layer = layers[levelOf(key)];
    const texts = layer?.lists[key];
    if (layer === undefined || texts === undefined) {
      if (key === 'granule') continue;
      throw new Error(`no layer gives ${key}`);
    }
    merged[key] = { texts, origin: layer.origin(key) };
  }
  return merged as GivenOptions;
}
