/** What the architecture leaves to an implementation, as far as a verdict hangs on it. */
import { lackingFeatures, type Needs } from '@s2bench/core';
import { VerifyError } from '../errors.ts';

/**
 * What hardware of every profile does. Switched off only to show that none of it is there in vain: walks that hold the
 * pointer to a table until a TLBI ends them, and stores that walkers see late.
 */
export type HardwareElement = 'held-pointers' | 'late-stores';

/** A machine, as far as the rules ask. FEAT_S2FWB stands beside it: a verdict is of one setting of it. */
export interface Architecture {
  /** As in `--arch`: settings that differ from {@link STRICTEST}, joined by commas, or the name of a profile. */
  readonly name: string;
  /** CTR_EL0.DIC: instruction fetches need no I-cache invalidation. */
  readonly dic: boolean;
  /** CTR_EL0.IDC: instruction fetches need no D-cache clean. FEAT_S2FWB implies it. */
  readonly idc: boolean;
  /**
   * What a TLBI by IPA with a level hint ends beside leaves of that level. `strict` (FEAT_TTL, Arm ARM DDI 0487, D8.14
   * "TLB maintenance": an entry of another level need not go): the way to a table only where the hint is of the leaves
   * below it, or none. `lenient`: the way to the address, whatever the hint.
   */
  readonly ttl: 'strict' | 'lenient';
  /**
   * FEAT_BBM. Level 2 lets a block and a table that map the same pages stand together. What level 1 allows besides level 0
   * hangs on the nT bit, which no operation of a strategy sets: there is no such profile.
   */
  readonly bbm: 0 | 2;
  /** Dirty lines are written back at any moment. */
  readonly writeBack: boolean;
  /** TLBs hold entries of both stages combined, which a TLBI by IPA does not find: VMALLE1IS ends them. */
  readonly combined: boolean;
  /** No machine: what is switched off. */
  readonly without?: readonly HardwareElement[];
}

/** The strictest hardware that the architecture allows: the default of a verdict. */
export const STRICTEST: Architecture = {
  name: 'strictest',
  dic: false,
  idc: false,
  ttl: 'strict',
  bbm: 0,
  writeBack: true,
  combined: true,
};

/** Hardware that ignores hints, writes nothing back by itself, and keeps the stages apart: what was modelled at first. */
export const LENIENT: Architecture = {
  ...STRICTEST,
  name: 'lenient',
  ttl: 'lenient',
  writeBack: false,
  combined: false,
};

/** Profiles that have a name. */
export const ARCHITECTURES: readonly Architecture[] = [STRICTEST, LENIENT];

/** What `--arch` chooses. `fwb` is left out where both settings are wanted. */
export interface ChosenArchitecture {
  readonly arch: Architecture;
  readonly fwb?: boolean;
}

const SWITCH = ['on', 'off'] as const;
/** The settings and their values, the strictest first. */
const SETTINGS = {
  fwb: ['off', 'on'],
  dic: ['off', 'on'],
  idc: ['off', 'on'],
  ttl: ['strict', 'lenient'],
  bbm: ['0', '2'],
  'write-back': SWITCH,
  combined: SWITCH,
} as const satisfies Record<string, readonly string[]>;
type Setting = keyof typeof SETTINGS;

/** Arm ARM DDI 0487, D8.16.2 "Support levels for changing table or block size". */
const NO_LEVEL_1 =
  'level 1 lets a block change its size only while its nT bit is set, which no operation of a strategy sets; bbm=0 gives the same verdicts';

/**
 * Reads a profile: a name, or settings as in `ttl=lenient,bbm=2`; what is left out is as in {@link STRICTEST}.
 *
 * @throws VerifyError in one line that names what is wrong, and what would be right
 */
export function architectureOf(text: string): ChosenArchitecture {
  const named = ARCHITECTURES.find(({ name }) => name === text);
  if (named !== undefined) return { arch: named };
  const given = new Map<Setting, string>();
  for (const item of text.split(',')) {
    const [key = '', value] = item.split('=', 2);
    if (!Object.hasOwn(SETTINGS, key)) throw new VerifyError(unknown(text, item));
    const setting = key as Setting;
    const values: readonly string[] = SETTINGS[setting];
    if (key === 'bbm' && value === '1') throw new VerifyError(`${text}: ${item}: ${NO_LEVEL_1}`);
    if (value === undefined || !values.includes(value))
      throw new VerifyError(`${text}: ${item}: must be ${values.map((each) => `${key}=${each}`).join(' or ')}`);
    if (given.has(setting)) throw new VerifyError(`${text}: ${key} is given twice`);
    given.set(setting, value);
  }
  const fwb = given.get('fwb');
  return { arch: withSettings(given), ...(fwb !== undefined && { fwb: fwb === 'on' }) };
}

/** The strictest hardware that has what a strategy needs. `fwb` is left out where both settings are judged. */
export function architectureFor(needs: Needs | undefined): ChosenArchitecture {
  const settings = [needs?.dic && 'dic=on', needs?.idc && 'idc=on', needs?.bbmLevel && `bbm=${needs.bbmLevel}`];
  const given = settings.filter((setting) => typeof setting === 'string');
  const { arch } = given.length === 0 ? { arch: STRICTEST } : architectureOf(given.join(','));
  return { arch, ...(needs?.fwb && { fwb: true }) };
}

/**
 * What a strategy needs and a profile has not, in the architecture's words. FEAT_S2FWB is an axis beside it; whether
 * ranges are invalidated by range is the kernel model's business.
 */
export function lackingIn({ dic, idc, bbm }: Architecture, needs: Needs | undefined): string[] {
  return lackingFeatures(needs, { fwb: true, rangeTlbi: true, dic, idc, bbmLevel: bbm });
}

function withSettings(given: ReadonlyMap<Setting, string>): Architecture {
  const isOn = (setting: Setting): boolean => (given.get(setting) ?? SETTINGS[setting][0]) === 'on';
  const settings = (Object.keys(SETTINGS) as Setting[]).flatMap((key) => {
    const value = given.get(key);
    return key === 'fwb' || value === undefined || value === SETTINGS[key][0] ? [] : [`${key}=${value}`];
  });
  return {
    name: settings.length === 0 ? STRICTEST.name : settings.join(),
    dic: isOn('dic'),
    idc: isOn('idc'),
    ttl: given.get('ttl') === 'lenient' ? 'lenient' : 'strict',
    bbm: Number(given.get('bbm') ?? 0) as Architecture['bbm'],
    writeBack: isOn('write-back'),
    combined: isOn('combined'),
  };
}

function unknown(text: string, item: string): string {
  const names = ARCHITECTURES.map(({ name }) => name).join(', ');
  return `${text}: ${item}: must be a profile (${names}) or settings of ${Object.keys(SETTINGS).join(', ')}, like ttl=lenient,bbm=2`;
}
