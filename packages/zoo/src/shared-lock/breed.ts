/** How animals and variations of the shared lock are made: from what v6.2 and later do at a coalesce, part by part. */
import type { TableId, V6Entry, V6MapOperation, V6Visitors } from '@s2bench/core';
import { defineStrategy, EAGAIN } from '@s2bench/core';
import upstream from '@s2bench/strategy-upstream-6-2';
import type { RawActions, RuleName, Subject, World } from '@s2bench/verify';
import type { Animal, Variation } from '../animal.ts';
import { coalesceBesideFault, FULL_TABLE, twoCoalesce } from './habitats.ts';

/** The release whose code is around them, where nothing else is said. */
const KERNEL = 'v6.12';

interface Otherwise extends Omit<Subject, 'strategy' | 'below'> {
  readonly name: string;
  readonly v6?: V6Visitors;
  readonly below?: (raw: RawActions) => V6Visitors;
}

interface Mistake extends Otherwise {
  readonly mistake: string;
  readonly rule: RuleName;
  /** Left out: two vCPUs that coalesce one block. */
  readonly world?: World;
  readonly fwb?: boolean;
  readonly kernel?: string;
}

/** The shipped strategy with one mistake. */
export function animal({ mistake, rule, world = twoCoalesce, fwb = false, kernel = KERNEL, ...of }: Mistake): Animal {
  const [history = 'logging-first'] = world.histories;
  const subject = subjectOf(of, mistake, [rule]);
  return { name: of.name, mistake, of: upstream.name, rule, habitat: { world, history, fwb, kernel }, subject };
}

/** The shipped strategy that does it otherwise, and right. */
export function variation({ change, ...of }: Otherwise & { readonly change: string }): Variation {
  const worlds = [twoCoalesce, coalesceBesideFault, FULL_TABLE];
  const habitats = worlds.flatMap((world) =>
    [false, true].map((fwb) => ({ world, history: world.histories[0] ?? 'logging-first', fwb, kernel: KERNEL })),
  );
  return { name: of.name, change, of: upstream.name, subject: subjectOf(of, change, 'safe'), habitats };
}

function subjectOf(
  { name, v6, below, phases }: Otherwise,
  summary: string,
  expects: 'safe' | readonly RuleName[],
): Subject {
  const source = `made from ${upstream.name}, ${upstream.source}`;
  const strategy = defineStrategy({ ...upstream, name, summary, source, expects, v6: { ...upstream.v6, ...v6 } });
  return {
    strategy,
    ...(below && { below: (raw: RawActions) => ({ v6: { ...upstream.v6, ...below(raw) } }) }),
    ...(phases && { phases }),
  };
}

/** The parts of a coalesce, in the release's order: one of them may be done otherwise, or left out. */
export interface Parts {
  /** Whether the entry is won. */
  readonly set?: (entry: V6Entry, map: V6MapOperation) => boolean;
  readonly flush?: (entry: V6Entry, map: V6MapOperation) => void;
  readonly put?: (entry: V6Entry, map: V6MapOperation) => void;
  readonly clean?: (entry: V6Entry, map: V6MapOperation) => void;
  readonly make?: (entry: V6Entry, map: V6MapOperation) => void;
  readonly unlink?: (table: TableId, entry: V6Entry, map: V6MapOperation) => void;
}

/** A coalesce of parts. */
export function coalesceOf(parts: Parts): V6Visitors {
  return {
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return undefined;
      const table = map.childOf(entry);
      const won = parts.set === undefined ? map.trySet(entry) : parts.set(entry, map);
      if (!won) return EAGAIN;
      (parts.flush ?? ((at) => map.flush(at)))(entry, map);
      (parts.put ?? ((at) => map.put(at)))(entry, map);
      (parts.clean ?? ((at) => map.clean(at)))(entry, map);
      map.invalidateIcache(entry);
      (parts.make ?? ((at) => map.make(at)))(entry, map);
      (parts.unlink ?? ((unlinked, at) => map.freeUnlinked(unlinked, at.level)))(table, entry, map);
      return undefined;
    },
  };
}
