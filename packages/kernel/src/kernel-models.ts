/** The kernel models: which release is made of which elements. */
import {
  type ConfigurableKernelModel,
  type ElementName,
  type ElementValues,
  type KernelOptions,
  optionsOf,
} from './kernel-options.ts';

/** What models of the walker of v5.11 can differ in. The order is that in which options are written. */
const V5_ELEMENTS = [
  'aligned-walk',
  'unmap-hint',
  'permission-filter',
  'clean-site',
  'icache-site',
  'stale-entries',
  'relax-lock',
  'unmap-chunk',
] as const satisfies readonly ElementName[];

const V6_ELEMENTS = [
  'unmap-hint',
  'map-lock',
  'reread-table',
  'ignore-again',
  'relax-unmapped',
  'relax-flush',
  'relax-execute',
  'range-tlbi',
  'deferred-unmap',
  'split',
  'aging',
  'change-pte',
  'unmap-chunk',
] as const satisfies readonly ElementName[];

type V5Values = ElementValues<(typeof V5_ELEMENTS)[number]>;
type V6Values = ElementValues<(typeof V6_ELEMENTS)[number]>;
type Head = Pick<ConfigurableKernelModel, 'name' | 'release' | 'code' | 'coalesceOrder'>;
/** What only op scripts ask for. */
type OfScripts = Pick<KernelOptions, 'owners' | 'forcesPages'>;

const V5_11: V5Values = {
  'aligned-walk': 'off',
  'unmap-hint': 'own',
  'permission-filter': 'off',
  'clean-site': 'abort-handler',
  'icache-site': 'abort-handler',
  'stale-entries': 'kept',
  'relax-lock': 'exclusive',
  'unmap-chunk': 'root-entry',
};
const V5_12: V5Values = { ...V5_11, 'permission-filter': 'on' };
const V5_12P1: V5Values = { ...V5_12, 'clean-site': 'map-handler' };
const V5_14: V5Values = { ...V5_12P1, 'aligned-walk': 'on', 'icache-site': 'map-handler', 'stale-entries': 'cleared' };
const V5_18: V5Values = { ...V5_14, 'relax-lock': 'shared' };
const V6_1: V5Values = { ...V5_18, 'unmap-hint': 'unknown', 'unmap-chunk': 'block' };

const V6_2: V6Values = {
  'unmap-hint': 'own',
  'map-lock': 'shared',
  'reread-table': 'off',
  'ignore-again': 'off',
  'relax-unmapped': 'flush',
  'relax-flush': 'broadcast',
  'relax-execute': 'keep',
  'range-tlbi': 'off',
  'deferred-unmap': 'nothing',
  split: 'off',
  aging: 'page',
  'change-pte': 'on',
  'unmap-chunk': 'block',
};
const V6_4: V6Values = { ...V6_2, 'reread-table': 'on', 'ignore-again': 'on', 'relax-unmapped': 'again' };
const V6_5: V6Values = { ...V6_4, 'relax-flush': 'local', split: 'on', aging: 'range' };
const V6_6: V6Values = { ...V6_5, 'range-tlbi': 'on', 'deferred-unmap': 'tables' };
const V6_12: V6Values = {
  ...V6_6,
  'unmap-hint': 'unknown',
  'relax-unmapped': 'again-flush',
  'deferred-unmap': 'leaves',
  'change-pte': 'off',
};
const V7_1: V6Values = { ...V6_12, 'relax-execute': 'take' };

/** The kernel models that s2bench knows, oldest first. */
export const KERNEL_MODELS: readonly ConfigurableKernelModel[] = [
  v5Model(
    {
      name: 'v5.11',
      release: 'v5.11',
      code: 'release v5.11.0: clean in the abort handler; a permission-only remap breaks and makes',
      coalesceOrder: 'v5.11',
    },
    V5_11,
  ),
  v5Model(
    {
      name: 'v5.12',
      release: 'v5.12',
      code: "not the release, but the base of the 2021 thread's series: as v5.11, but a permission-only remap answers EAGAIN",
      coalesceOrder: 'v5.11',
    },
    V5_12,
  ),
  v5Model(
    {
      name: 'v5.12p1',
      release: 'v5.14',
      code: "the base of the 2021 thread's series, no release, with its patch 1: clean in the map handler, as in v5.14",
      coalesceOrder: 'v5.11',
    },
    V5_12P1,
  ),
  v5Model(
    {
      name: 'v5.14',
      release: 'v5.14',
      code: 'release v5.14: clean and I-invalidate in the map handler; what goes becomes 0; aligned walks',
      coalesceOrder: 'v5.14',
    },
    V5_14,
    { owners: 'high', forcesPages: false },
  ),
  v5Model(
    {
      name: 'v5.18',
      release: 'v5.18',
      code: 'release v5.18: as v5.14; mmu_lock is an rwlock, shared by write permission faults of logged pages alone',
      coalesceOrder: 'v5.14',
    },
    V5_18,
    { owners: 'low', forcesPages: true },
  ),
  v5Model(
    {
      name: 'v6.1',
      release: 'v6.1',
      code: 'LTS release v6.1 (6.1.192): as v5.18; unmap unlinks tables without a level hint',
      coalesceOrder: 'v5.14',
    },
    V6_1,
    { owners: 'low', forcesPages: true },
  ),
  v6Model(
    {
      name: 'v6.2',
      release: 'v6.2',
      code: 'release v6.2: map faults share mmu_lock, under RCU; a block stands before the table goes; walks on in replaced tables',
      coalesceOrder: 'v6.2',
    },
    V6_2,
  ),
  v6Model(
    {
      name: 'v6.4',
      release: 'v6.4',
      code: 'release v6.4 (6.4.6): as v6.2; the walker reads again what TABLE_PRE replaced; relaxing what is unmapped answers EAGAIN',
      coalesceOrder: 'v6.2',
    },
    V6_4,
  ),
  v6Model(
    {
      name: 'v6.5',
      release: 'v6.5',
      code: 'release v6.5: as v6.4; blocks split eagerly, ranges age at once, a relaxation flushes its own core alone',
      coalesceOrder: 'v6.2',
    },
    V6_5,
  ),
  v6Model(
    {
      name: 'v6.6',
      release: 'v6.6',
      code: 'release v6.6.0: as v6.5; TLBIs by range, deferred to the end of an unmap with FWB, for tables too',
      coalesceOrder: 'v6.2',
    },
    V6_6,
  ),
  v6Model(
    {
      name: 'v6.12',
      release: 'v6.12',
      code: 'LTS release v6.12 (6.12.117): as v6.6; tables unlinked without a level hint and at once; EAGAIN of a relaxation flushes',
      coalesceOrder: 'v6.2',
    },
    V6_12,
    { takesOwnersForLeaves: false, namesUnknownLevel: true },
  ),
  v6Model(
    {
      name: 'v7.1',
      release: 'v7.1',
      code: 'release v7.1 (7.1.5): as v6.12; a relaxation without execute permission takes it away',
      coalesceOrder: 'v6.2',
    },
    V7_1,
    { takesOwnersForLeaves: false, namesUnknownLevel: true, owners: 'annotation', youngAnswer: 'nothing' },
  ),
];

function v5Model(
  head: Head,
  release: V5Values,
  scripts: OfScripts = { owners: 'none', forcesPages: false },
): ConfigurableKernelModel {
  const settle = (values: V5Values): KernelOptions => ({
    walker: 'v5',
    filtersPermissionChanges: values['permission-filter'] === 'on',
    cleanSite: values['clean-site'],
    icacheSite: values['icache-site'],
    alignsWalks: values['aligned-walk'] === 'on',
    clearsEntries: values['stale-entries'] === 'cleared',
    unlinkHint: values['unmap-hint'],
    relaxLock: values['relax-lock'],
    ...scripts,
    takesOwnersForLeaves: true,
    // What this walker has none of.
    mapLock: 'exclusive',
    rereadsTables: false,
    relaxUnmapped: 'flush',
    relaxFlush: 'broadcast',
    relaxTakesExecute: false,
    rangeTlbi: false,
    deferredUnmap: 'nothing',
    splits: false,
    agesRanges: false,
    ignoresAgain: false,
    mapsChangedPages: true,
    chunksByBlock: values['unmap-chunk'] === 'block',
    youngAnswer: 'descriptor',
    namesUnknownLevel: false,
  });
  return modelOf(head, release, V5_ELEMENTS, (values) => settle(values as V5Values));
}

function v6Model(
  head: Head,
  release: V6Values,
  scripts: Partial<Pick<KernelOptions, 'owners' | 'youngAnswer' | 'takesOwnersForLeaves' | 'namesUnknownLevel'>> = {},
): ConfigurableKernelModel {
  const settle = (values: V6Values): KernelOptions => ({
    walker: 'v6',
    filtersPermissionChanges: true,
    cleanSite: 'map-handler',
    icacheSite: 'map-handler',
    alignsWalks: true,
    clearsEntries: true,
    unlinkHint: values['unmap-hint'],
    mapLock: values['map-lock'],
    // What maps may share relaxes may share.
    relaxLock: values['map-lock'],
    rereadsTables: values['reread-table'] === 'on',
    ignoresAgain: values['ignore-again'] === 'on',
    relaxUnmapped: values['relax-unmapped'],
    relaxFlush: values['relax-flush'],
    relaxTakesExecute: values['relax-execute'] === 'take',
    rangeTlbi: values['range-tlbi'] === 'on',
    deferredUnmap: values['deferred-unmap'],
    splits: values.split === 'on',
    agesRanges: values.aging === 'range',
    mapsChangedPages: values['change-pte'] === 'on',
    chunksByBlock: values['unmap-chunk'] === 'block',
    owners: 'low',
    takesOwnersForLeaves: true,
    forcesPages: true,
    youngAnswer: 'descriptor',
    namesUnknownLevel: false,
    ...scripts,
  });
  return modelOf(head, release, V6_ELEMENTS, (values) => settle(values as V6Values));
}

function modelOf(
  head: Head,
  release: Partial<ElementValues>,
  elements: readonly ElementName[],
  settle: ConfigurableKernelModel['settle'],
): ConfigurableKernelModel {
  const inOrder = Object.fromEntries(elements.map((name) => [name, release[name]])) as Partial<ElementValues>;
  return { ...head, options: optionsOf(inOrder), settle, describe: (values) => differences(inOrder, values) };
}

/** What a summary ends with: the two mistakes that worlds are judged by, and whatever else is not as in the release. */
function differences(release: Partial<ElementValues>, values: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  // Whoever runs an old kernel has to know of this one; it is said whether it was asked for or not.
  if (release['aligned-walk'] === 'off' || values['aligned-walk'] === 'off') {
    parts.push(
      values['aligned-walk'] === 'on'
        ? 'with linux 357ad203d45c'
        : 'without linux 357ad203d45c: an unaligned walk passes over entries',
    );
  }
  for (const [name, value] of Object.entries(values)) {
    if (name === 'aligned-walk' || value === release[name as ElementName]) continue;
    if (name === 'unmap-hint') parts.push(`${value === 'unknown' ? 'with' : 'without'} linux 36e008323926`);
    else parts.push(`${name} ${String(value)}`);
  }
  return parts.map((part) => `; ${part}`).join('');
}
