/** Features of the hardware that a strategy cannot do without, and which of them a machine lacks. */
import * as z from 'zod';

const needed = z.literal(true, { error: 'must be true, or left out where the feature is not needed' }).optional();

/** What a strategy may need. What it leaves out it can do without. */
export const needsSchema = z.strictObject({
  fwb: needed,
  dic: needed,
  idc: needed,
  // Level 1 lets a block change its size while its nT bit is set (Arm ARM DDI 0487, D8.16.2), and no operation sets it.
  bbmLevel: z
    .literal(2, {
      error: 'must be 2, or left out: what level 1 allows hangs on the nT bit, which no operation of a strategy sets',
    })
    .optional(),
  rangeTlbi: needed,
});

/** What a strategy may need of the hardware. */
export interface Needs {
  /** FEAT_S2FWB: the guest reaches memory through the host's caches, whatever its own attributes. */
  readonly fwb?: true | undefined;
  /** CTR_EL0.DIC: instruction fetches need no I-cache invalidation. */
  readonly dic?: true | undefined;
  /** CTR_EL0.IDC: instruction fetches need no clean of the D-cache. */
  readonly idc?: true | undefined;
  /** FEAT_BBM level 2: a block and a table that lead to the same pages may stand together. */
  readonly bbmLevel?: 2 | undefined;
  /** FEAT_TLBIRANGE: a TLBI takes a range of IPAs. */
  readonly rangeTlbi?: true | undefined;
}

/** What a machine says of the same features; what it does not say it has not. */
export interface Features {
  readonly fwb?: boolean | undefined;
  readonly dic?: boolean | undefined;
  readonly idc?: boolean | undefined;
  readonly bbmLevel?: 0 | 1 | 2 | undefined;
  readonly rangeTlbi?: boolean | undefined;
}

/** The architecture's name of each feature. */
const NAMES = {
  fwb: 'FEAT_S2FWB',
  dic: 'CTR_EL0.DIC',
  idc: 'CTR_EL0.IDC',
  bbmLevel: 'FEAT_BBM level 2',
  rangeTlbi: 'FEAT_TLBIRANGE',
} as const satisfies Record<keyof Needs, string>;

/** The names of what is needed and not there, in the architecture's words: `FEAT_BBM level 2`. */
export function lackingFeatures(needs: Needs | undefined, features: Features): string[] {
  return (Object.keys(NAMES) as (keyof Needs)[]).flatMap((key) => {
    const need = needs?.[key];
    if (need === undefined) return [];
    const isThere = key === 'bbmLevel' ? (features.bbmLevel ?? 0) >= Number(need) : features[key] === true;
    return isThere ? [] : [NAMES[key]];
  });
}
