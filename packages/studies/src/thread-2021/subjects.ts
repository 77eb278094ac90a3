/** What is run in scenarios: the thread's strategies, and changes to them that a question asks about. */
import type { Strategy } from '@s2bench/core';
import { EAGAIN, ENOMEM, NO_ENTRY, NO_TABLE } from '@s2bench/core';
import type { EffectSink } from '@s2bench/core/stage2';
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Subject } from '@s2bench/verify';

/** The strategies of the thread, in the order in which they came up. */
export const STRATEGIES: readonly Strategy[] = [baseline, noCmo, uniformCmo, fullPopulationCheck];

/** The patch without the field that it adds: the table page is looked up in the entry that the block has overwritten. */
const followLost: Strategy = {
  ...noCmo,
  name: 'install-first-follow-lost',
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    if (map.anchor === entry.id) map.anchor = NO_ENTRY;
    else map.put(entry);
  },
};

/** The patch with the page remembered, but never freed. */
const followUnused: Strategy = {
  ...noCmo,
  name: 'install-first-follow-unused',
  tablePost(entry, map) {
    if (map.anchor !== entry.id) return noCmo.tablePost?.(entry, map);
    map.followed = NO_TABLE;
    map.anchor = NO_ENTRY;
  },
};

/** The clean comes, but only once the guest can read past it. */
const cleanAfterInstall: Strategy = {
  ...uniformCmo,
  name: 'install-first-clean-after',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
    map.clean(entry);
  },
};

/**
 * A strategy whose post visitor must return 0: any errno, also one that the abort handler would answer with another
 * try, ends in one that it cannot answer.
 */
function postMustSucceed(strategy: Strategy, name: string): Strategy {
  return {
    ...strategy,
    name,
    tablePost: (entry, map) => ((strategy.tablePost?.(entry, map) ?? 0) === 0 ? 0 : ENOMEM),
  };
}

const failsInPost: Strategy = {
  ...baseline,
  tablePost(entry, map) {
    const wasAnchor = map.anchor === entry.id;
    const result = baseline.tablePost?.(entry, map) ?? 0;
    return wasAnchor ? EAGAIN : result;
  },
};

/** Everything but I-cache invalidations. */
function withoutIcache(effects: EffectSink): EffectSink {
  return new Proxy(effects, {
    get(target, name) {
      if (name === 'icacheInvalidate') return () => undefined;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

const noIcacheInvalidate: Subject = {
  strategy: { ...uniformCmo, name: 'install-first-uniform-cmo-without-icache-invalidate' },
  phases(vm) {
    vm.effects = withoutIcache(vm.effects);
    return {};
  },
};

const SUBJECTS: readonly Subject[] = [
  ...[
    ...STRATEGIES,
    followLost,
    followUnused,
    cleanAfterInstall,
    postMustSucceed(baseline, 'baseline-post-must-succeed'),
    postMustSucceed(noCmo, 'install-first-no-cmo-post-must-succeed'),
    postMustSucceed(failsInPost, 'baseline-failing-in-post'),
  ].map((strategy) => ({ strategy })),
  noIcacheInvalidate,
];

/**
 * What is run under a name.
 *
 * @throws RangeError where nothing is
 */
export function subjectNamed(name: string): Subject {
  const subject = SUBJECTS.find(({ strategy }) => strategy.name === name);
  if (subject === undefined) throw new RangeError(`nothing to run is named ${name}`);
  return subject;
}

/** The strategy of a subject. */
export function strategyNamed(name: string): Strategy {
  return subjectNamed(name).strategy;
}
