/** Machine profiles: what a machine's memory system costs, as data with a provenance for every figure. */
import { notModelledText } from '@s2bench/kernel/not-modelled';
import * as z from 'zod';

/** Where a cost comes from. */
export const PROVENANCES = ['measured', 'calibrated', 'assumed'] as const;

/** The version of {@link profileSchema}. */
export const PROFILE_SCHEMA_VERSION = 1;

/** A cost in nanoseconds: its value, and where that comes from. */
export const costSchema = z.strictObject({
  valueNs: z.number().nonnegative(),
  provenance: z.enum(PROVENANCES),
  /** Message id, commit, the figures that it was fitted to, or the reason for assuming it. */
  source: z.string().min(1),
});

/** Every cost that the machine model knows, with what one unit of it is. */
export const COST_MEANINGS = {
  guestAccess:
    'one guest load or store that misses the TLBs and is walked through the largest block, on an otherwise idle memory system',
  memoryService: 'share of the memory system that one guest access occupies: what bounds many vCPUs together',
  exit: 'leaving the guest with an abort, decoding it, and entering the guest again',
  faultPrepare: 'abort handler before mmu_lock: VMA look-up, memory-cache top-up, pinning a page that is there',
  hostPageFault: 'host page fault that gives the backing a page, without writing to it',
  hostWriteLine: 'zeroing or copying one 64-byte line of a host page',
  lockAcquire: 'taking and releasing mmu_lock when nobody waits',
  lockHandover: 'handing a contended mmu_lock to the next waiter',
  walkStep:
    'coming to another line of the tables in a software walk, which another core has used last; a run of pages is one',
  descriptorRead: 'reading one descriptor in a software walk, one after the other',
  descriptorWrite: 'writing one descriptor',
  reference: 'taking or dropping one reference of a table page',
  tableAllocate: 'taking and zeroing one table page',
  tableFree: 'freeing one table page',
  tlbiIpa: 'TLBI by IPA with its barriers: it reaches all cores of the machine, whatever the guest has',
  tlbiVmid: 'TLBI of a whole VMID with its barriers: it reaches all cores of the machine, whatever the guest has',
  cleanLine: 'cleaning and invalidating one 64-byte line to the point of coherency',
  icacheLine: 'invalidating one 64-byte line of the I-cache',
  markDirty: 'setting a bit of the dirty bitmap',
} as const;

/** Name of a cost. */
export type CostName = keyof typeof COST_MEANINGS;
/** The costs that a profile must give. */
export const COST_NAMES = Object.keys(COST_MEANINGS) as CostName[];

/**
 * Costs that a profile may leave out, with what one unit of each is, and what it is where it is left out: nothing, or as
 * much as another cost. The stations of the machine are among them: who comes to one while others are served waits.
 */
export const OPTIONAL_COSTS = {
  tlbiLocal: { meaning: 'TLBI by IPA that no other core hears of, with its barriers', leftOut: 'tlbiIpa' },
  tlbiRange: { meaning: 'TLBI of a range, one operation of it, with its barriers', leftOut: 'tlbiIpa' },
  tlbiRangePage: {
    meaning:
      'what each page that an operation of a TLBI of a range names adds to it: TLBs may be looked through for them',
    leftOut: undefined,
  },
  tlbiBlock: {
    meaning: 'TLBI by IPA with the level of a block or a table, with its barriers: TLBs may hold a block in pieces',
    leftOut: 'tlbiIpa',
  },
  dvmIpa: {
    meaning: 'how long a broadcast TLBI by IPA occupies what all cores share: the next broadcast waits for it',
    leftOut: undefined,
  },
  dvmVmid: { meaning: 'the same for a broadcast TLBI of a whole VMID', leftOut: undefined },
  dvmRange: { meaning: 'the same for one operation of a broadcast TLBI of a range', leftOut: 'dvmIpa' },
  lockLine: {
    meaning:
      'one atomic operation on the counter of an mmu_lock that readers share: taking it and giving it back are one each, and they queue',
    leftOut: undefined,
  },
  readAcquire: {
    meaning:
      'taking and releasing the read side of mmu_lock when nobody waits, with what a fault under it does more: RCU, exchanges instead of stores',
    leftOut: 'lockAcquire',
  },
  memslotReplace: {
    meaning:
      'replacing a memslot: once where logging is switched, twice where it is deleted, beside the tables and the zeroing of its bitmap; both are free where this is left out',
    leftOut: undefined,
  },
  memoryLine: {
    meaning: 'how long one 64-byte line that is zeroed, copied or cleaned occupies the memory that all cores share',
    leftOut: undefined,
  },
  guestWalkRead: {
    meaning: 'one descriptor that a walk of the hardware reads, in either stage; used where the profile has TLBs',
    leftOut: undefined,
  },
  guestWalkLine: {
    meaning: 'bringing one line of eight descriptors in a walk of the hardware; used where the profile has TLBs',
    leftOut: undefined,
  },
  farMemory: {
    meaning: 'what a guest access takes longer where its memory is far: that of the slowest of two vCPUs or more',
    leftOut: undefined,
  },
} as const satisfies Readonly<
  Record<string, { readonly meaning: string; readonly leftOut: CostName | 'dvmIpa' | undefined }>
>;

/** Name of a cost that a profile may leave out. */
export type OptionalCostName = keyof typeof OPTIONAL_COSTS;
/** The costs that a profile may leave out. */
export const OPTIONAL_COST_NAMES = Object.keys(OPTIONAL_COSTS) as OptionalCostName[];
/** Name of a cost of either sort. */
export type AnyCostName = CostName | OptionalCostName;
/** Every cost: first those that a profile must give. */
export const ALL_COST_NAMES: readonly AnyCostName[] = [...COST_NAMES, ...OPTIONAL_COST_NAMES];

/** A figure that a profile was fitted to, and how far the model is from it. */
export const residualSchema = z.strictObject({
  figure: z.string(),
  published: z.number(),
  model: z.number(),
  unit: z.string(),
  errorPercent: z.number(),
});

/** The TLBs of a core. */
export const tlbSchema = z.strictObject({
  /** Translations that they hold. 0: they are not modelled, and each access takes what `guestAccess` says. */
  entries: z.number().int().nonnegative(),
  provenance: z.enum(PROVENANCES),
  source: z.string().min(1),
});

/** A machine profile. */
export const profileSchema = z.strictObject({
  schemaVersion: z.literal(PROFILE_SCHEMA_VERSION),
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  summary: z.string().min(1),
  features: z.strictObject({
    /** FEAT_S2FWB: guest accesses are coherent with the host's caches. */
    fwb: z.boolean(),
    /** FEAT_TLBIRANGE. The kernel models up to v5.12p1 never issue a range TLBI. */
    rangeTlbi: z.boolean(),
    /** FEAT_BBM; left out: level 0. */
    bbmLevel: z.union([z.literal(0), z.literal(1), z.literal(2)], { error: 'must be 0, 1 or 2' }).optional(),
    /** CTR_EL0.DIC: the kernel skips I-cache invalidations. Left out: it is not set. */
    dic: z.boolean().optional(),
    /** CTR_EL0.IDC; left out: it is not set. */
    idc: z.boolean().optional(),
  }),
  /** Cores of the machine: a TLBI reaches all of them. */
  cores: z.number().int().positive(),
  costs: z.strictObject({
    ...(Object.fromEntries(COST_NAMES.map((name) => [name, costSchema])) as Record<CostName, typeof costSchema>),
    // A guest whose accesses take no time has no rate at which it runs.
    guestAccess: costSchema.extend({ valueNs: z.number().positive() }),
    ...(Object.fromEntries(OPTIONAL_COST_NAMES.map((name) => [name, costSchema.optional()])) as Record<
      OptionalCostName,
      z.ZodOptional<typeof costSchema>
    >),
  }),
  /** Left out: as with no entries. */
  tlb: tlbSchema.optional(),
  calibration: z.array(residualSchema).optional(),
});
/** A machine profile. */
export type Profile = z.infer<typeof profileSchema>;
/** A figure that a profile was fitted to. */
export type Residual = z.infer<typeof residualSchema>;

/** A profile that does not say what it should. The message names the field and what it must be. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/**
 * Reads a profile.
 *
 * @param text - JSON
 * @param sourceName - the file's name, for messages
 * @throws ProfileError of one line, with the path of the offending field
 */
export function parseProfile(text: string, sourceName: string): Profile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProfileError(`${sourceName}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = profileSchema.safeParse(withoutPerCore(json));
  if (parsed.success) {
    requireMoreThanWalk(parsed.data, sourceName);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const path = issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.');
  const [key = ''] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  throw new ProfileError(`${sourceName}: ${path}: ${issue?.message ?? 'not a profile'}${notModelledText(key)}`);
}

/** The walk that is part of `guestAccess` is at most of five descriptors and of a quarter of a line. */
function requireMoreThanWalk({ costs, tlb }: Profile, sourceName: string): void {
  const walkNs = 5 * (costs.guestWalkRead?.valueNs ?? 0) + (costs.guestWalkLine?.valueNs ?? 0) / 4;
  if (tlb === undefined || costs.guestAccess.valueNs > walkNs) return;
  throw new ProfileError(
    `${sourceName}: costs.guestAccess.valueNs: must be more than the ${walkNs} ns of the walk in it`,
  );
}

const perCoreSchema = z.looseObject({
  cores: z.number(),
  costs: z.looseObject({
    tlbiPerCore: z.looseObject({ valueNs: z.number() }),
    tlbiIpa: z.looseObject({ valueNs: z.number() }),
    tlbiVmid: z.looseObject({ valueNs: z.number() }),
  }),
});

/** Profiles used to have a cost of a TLBI for each core that answers. It reaches all cores: so it is part of its cost. */
function withoutPerCore(json: unknown): unknown {
  const old = perCoreSchema.safeParse(json);
  if (!old.success) return json;
  const { cores, costs } = old.data;
  const { tlbiPerCore, ...others } = costs;
  const dearer = <T extends { readonly valueNs: number }>(cost: T): T => ({
    ...cost,
    valueNs: cost.valueNs + cores * tlbiPerCore.valueNs,
  });
  return {
    ...old.data,
    costs: { ...others, tlbiIpa: dearer(costs.tlbiIpa), tlbiVmid: dearer(costs.tlbiVmid) },
  };
}
