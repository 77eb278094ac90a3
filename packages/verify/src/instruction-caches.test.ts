/** CTR_EL0.DIC and IDC: what an instruction fetch needs. */
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { STRICTEST } from './hardware/architecture.ts';
import type { Subject } from './subject.ts';
import { verifyWorld } from './verify-world.ts';
import { worldOf } from './worlds/index.ts';

/** The abort handler cleans, and leaves the I-cache as it is. */
const noInvalidate: Subject = {
  strategy: takeDownFirst,
  phases: () => ({
    fault: {
      maintain: (fault, stock) => {
        const { execute } = fault;
        fault.execute = false;
        const next = stock(fault);
        fault.execute = execute;
        return next;
      },
    },
  }),
};

/** Everything is mapped without a clean. */
const noClean: Subject = {
  strategy: takeDownFirst,
  below: () => ({
    leaf(entry, map) {
      if (entry.valid || !map.blockSupported(entry)) return map.mapLeaf(entry);
      map.install(entry);
      map.get(entry);
      return 0;
    },
  }),
};

describe('instruction fetches', () => {
  const verdictOf = (subject: Subject, dic: boolean, idc: boolean): string => {
    const options = { history: 'fresh', fwb: false, arch: { ...STRICTEST, dic, idc } } as const;
    return verifyWorld(subject, worldOf('instruction-fetch'), options).verdict;
  };

  it('need an I-cache invalidation unless CTR_EL0.DIC says that they do not', () => {
    expect([false, true].map((dic) => verdictOf(noInvalidate, dic, false))).toEqual(['unsafe', 'safe']);
    expect(verdictOf(noInvalidate, false, true)).toBe('unsafe');
  });

  it('need a clean unless CTR_EL0.IDC says that they do not', () => {
    expect([false, true].map((idc) => verdictOf(noClean, false, idc))).toEqual(['unsafe', 'safe']);
    expect([false, true].map((idc) => verdictOf(noClean, true, idc))).toEqual(['unsafe', 'safe']);
  });
});
