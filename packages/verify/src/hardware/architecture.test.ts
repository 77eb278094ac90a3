import { describe, expect, it } from 'vitest';
import { makeWithoutBreak } from '../../test/specimens.ts';
import { verifyWorld } from '../verify-world.ts';
import { worldOf } from '../worlds/index.ts';
import { architectureFor, architectureOf, ARCHITECTURES, lackingIn, LENIENT, STRICTEST } from './architecture.ts';

describe('a profile', () => {
  it('is read by its name', () => {
    for (const arch of ARCHITECTURES) expect(architectureOf(arch.name)).toEqual({ arch });
  });

  it('is the strictest but for what is set, and named by what differs', () => {
    expect(architectureOf('bbm=2,dic=on')).toEqual({ arch: { ...STRICTEST, name: 'dic=on,bbm=2', bbm: 2, dic: true } });
    expect(architectureOf('ttl=lenient,write-back=off,combined=off').arch).toEqual({
      ...LENIENT,
      name: 'ttl=lenient,write-back=off,combined=off',
    });
    expect(architectureOf('ttl=strict,bbm=0')).toEqual({ arch: STRICTEST });
    expect(architectureOf('fwb=on,idc=on')).toEqual({ arch: { ...STRICTEST, name: 'idc=on', idc: true }, fwb: true });
  });

  it('can be read again from its name', () => {
    for (const text of ['bbm=2', 'dic=on,idc=on,ttl=lenient', 'write-back=off,combined=off']) {
      const { arch } = architectureOf(text);
      expect(architectureOf(arch.name)).toEqual({ arch });
    }
  });

  it.each([
    ['', /^: : must be a profile \(strictest, lenient\) or settings of fwb, dic, .*like ttl=lenient,bbm=2$/],
    ['strict', /^strict: strict: must be a profile/],
    ['ttl=maybe', /^ttl=maybe: ttl=maybe: must be ttl=strict or ttl=lenient$/],
    ['bbm=2,bbm=0', /^bbm=2,bbm=0: bbm is given twice$/],
    [
      'bbm=1',
      /^bbm=1: bbm=1: level 1 lets a block change its size only while its nT bit is set, which no operation .* sets; bbm=0 gives/,
    ],
    ['toString=on', /^toString=on: toString=on: must be a profile/],
  ])('%j is refused in one line', (text, message) => {
    expect(() => architectureOf(text)).toThrow(message);
  });
});

describe('what a strategy needs', () => {
  it('makes the strictest hardware that has it', () => {
    expect(architectureFor(undefined)).toEqual({ arch: STRICTEST });
    expect(architectureFor({ rangeTlbi: true })).toEqual({ arch: STRICTEST });
    expect(architectureFor({ fwb: true })).toEqual({ arch: STRICTEST, fwb: true });
    const { arch } = architectureFor({ bbmLevel: 2, dic: true, idc: true });
    expect(arch).toEqual({ ...STRICTEST, name: 'dic=on,idc=on,bbm=2', dic: true, idc: true, bbm: 2 });
    expect(lackingIn(arch, { bbmLevel: 2, dic: true })).toEqual([]);
    expect(lackingIn(STRICTEST, { bbmLevel: 2, dic: true, fwb: true })).toEqual(['CTR_EL0.DIC', 'FEAT_BBM level 2']);
  });
});

describe('a block that is stored over a valid table', () => {
  it.each([0, 2] as const)('is judged by FEAT_BBM: level %d', (bbm) => {
    for (const world of ['partial-table', 'full-table', 'three-levels']) {
      const options = { history: 'logging-first', fwb: false, arch: { ...STRICTEST, bbm } } as const;
      const { verdict, rule } = verifyWorld(makeWithoutBreak, worldOf(world), options);
      expect(rule ?? verdict, world).toBe(bbm === 2 ? 'safe' : 'break-before-make');
    }
  });
});
