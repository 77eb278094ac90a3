import { defineStrategy, EAGAIN, EINVAL, ENOMEM, ERANGE, OK } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { kernelModelOf } from '../src/kernel-model.ts';
import { KERNEL_MODELS } from '../src/kernel-models.ts';
import { MemoryCache } from '../src/memory-cache.ts';
import { runScript } from '../src/ops/run.ts';
import { parseScript } from '../src/ops/script.ts';
import { markOld, relaxPermissions } from '../src/v5/attributes.ts';
import { flush } from '../src/v5/flush.ts';
import { BLOCK_FIRST, BREAK_FIRST, effectLog, ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const PAGE = 4096;
const GIB = 2 ** 30;

/** What the vectors do not show, by what the kernels' code does. */
function probeOf(kernel: string, ops: string): unknown {
  const options = { kernel: kernelModelOf(kernel), strategy: BREAK_FIRST, pageSizeBytes: PAGE, form: 'long' } as const;
  const results = [...runScript(parseScript(`init\n${ops}`), options)] as { probe?: unknown }[];
  return results.at(-3)?.probe;
}

const NAMES = [
  ...['v5.11', 'v5.12', 'v5.12p1', 'v5.14', 'v5.18', 'v6.1'],
  ...['v6.2', 'v6.4', 'v6.5', 'v6.6', 'v6.12', 'v7.1'],
];

describe('kernelModelOf', () => {
  it('finds each, and says which code it is', () => {
    expect(KERNEL_MODELS.map(({ name }) => kernelModelOf(name).name)).toEqual(NAMES);
    expect(kernelModelOf('v5.11')).toMatchObject({ filtersPermissionChanges: false, alignsWalks: false });
    expect(kernelModelOf('v5.12').summary).toMatch(/^not the release, but the base of .*without linux 357ad203d45c/);
    expect(kernelModelOf('v5.12p1').summary).toMatch(/base of .*, no release, .*without linux 357ad203d45c/);
  });

  it('gives it options, named by what was given', () => {
    const aligned = kernelModelOf('v5.12?aligned-walk=on');
    const { name, summary, alignsWalks, ...rest } = aligned;
    expect({ name, alignsWalks }).toEqual({ name: 'v5.12?aligned-walk=on', alignsWalks: true });
    expect(summary).toMatch(/; with linux 357ad203d45c$/);
    expect(kernelModelOf('v5.12')).toMatchObject(rest);
    expect(kernelModelOf('v5.12?aligned-walk=off')).toEqual({
      ...kernelModelOf('v5.12'),
      name: 'v5.12?aligned-walk=off',
    });
    expect(kernelModelOf('v5.12?')).toEqual(kernelModelOf('v5.12'));
    expect(kernelModelOf('v5.12')).toMatchObject({ unlinkHint: 'own' });
    expect(kernelModelOf('v5.12?unmap-hint=unknown')).toMatchObject({
      unlinkHint: 'unknown',
      summary: expect.stringMatching(/; with linux 36e008323926$/) as string,
    });
  });

  it.each<[string, string]>([
    ['v5.14-rc1', 'v5.14: release v5.14.*'],
    ['v5.13', 'v5.12: not the release.*'],
    ['V5.12', 'v5.12: .*'],
    ['5.11.3', 'v5.11: .*'],
    ['v5.12p2', 'v5.12: .*'],
    ['v5.15', 'v5.14: .*'],
    ['v6.0', 'v5.18: .*'],
    ['v6.1.192?aligned-walk=on', 'v6.1: .*'],
    ['v6.3', 'v6.2: .*'],
    ['v6.11', 'v6.6: .*'],
    ['v7.0', 'v6.12: .*'],
    ['v7.2', 'v7.1: .*'],
    ['v10.0', 'v7.1: .*'],
  ])('names for %s the newest that is not later', (text, nearest) => {
    const later = /^v(7.2|10)/.test(text) ? ', and no later kernel' : '';
    const escaped = text.replaceAll(/[.?]/g, String.raw`\$&`);
    const modelled = NAMES.join(', ').replaceAll('.', String.raw`\.`);
    const line = `^${escaped}: unknown kernel model; modelled are ${modelled}${later}; the newest that is not later is ${nearest}$`;
    expect(() => kernelModelOf(text)).toThrow(new RegExp(line));
  });

  it('names none where all are later, or where no release was asked for', () => {
    expect(() => kernelModelOf('v5.10')).toThrow(/v7\.1; all of them are later$/);
    expect(() => kernelModelOf('v4.19')).toThrow(/v7\.1; all of them are later$/);
    expect(() => kernelModelOf('mainline')).toThrow(/^mainline: unknown kernel model; modelled are .*, v7\.1$/);
    expect(() => kernelModelOf('')).toThrow(/^: unknown kernel model; modelled are /);
  });

  it('defers no TLBI of an unmap where it has no range for it', () => {
    const eventsOf = (kernel: string): string => {
      const options = {
        kernel: kernelModelOf(kernel),
        strategy: BLOCK_FIRST,
        pageSizeBytes: PAGE,
        form: 'long',
      } as const;
      const script = parseScript('init fwb=1 tlbrange=1\nmap 0 8K 1G rw\nunmap 0 8K');
      const [, unmapped] = [...runScript(script, options)] as { ev?: string[] }[];
      return (unmapped?.ev ?? []).map((event) => event[0]).join('');
    };
    expect(eventsOf('v6.6')).toMatch(/^[^I]*R[^I]*$/);
    expect(eventsOf('v6.6?range-tlbi=off')).toMatch(/^I+[^R]*$/);
  });

  it('has an option for each element, whose default is what the release has', () => {
    expect(kernelModelOf('v6.6')).toMatchObject({ walker: 'v6', rangeTlbi: true, deferredUnmap: 'tables' });
    expect(kernelModelOf('v6.6?range-tlbi=off')).toMatchObject({
      name: 'v6.6?range-tlbi=off',
      summary: `${kernelModelOf('v6.6').summary}; range-tlbi off`,
      rangeTlbi: false,
    });
    const {
      name: _,
      summary,
      ...mended
    } = kernelModelOf('v6.1?unmap-hint=own&relax-lock=exclusive&unmap-chunk=root-entry');
    expect(summary).toMatch(/; without linux 36e008323926; relax-lock exclusive; unmap-chunk root-entry$/);
    const { name: __, summary: ___, ...older } = kernelModelOf('v5.18?relax-lock=exclusive');
    expect(mended).toEqual(older);
    expect(() => kernelModelOf('v6.12?aligned-walk=on')).toThrow(/^v6\.12\?aligned-walk=on: .*"aligned-walk"$/);
  });

  it.each<[string, RegExp]>([
    ['v5.12?aligned-walk=yes', /^v5\.12\?aligned-walk=yes: option aligned-walk: [^\n]*"on"[^\n]*$/],
    ['v5.12?aligned-walk=on,off', /^v5\.12\?aligned-walk=on,off: option aligned-walk: /],
    ['v5.12?align=on', /^v5\.12\?align=on: [^\n]*"align"$/],
    ['v5.12?aligned-walk', /^v5\.12\?aligned-walk: option "aligned-walk" has no value/],
  ])('refuses %s in one line', (text, message) => {
    expect(() => kernelModelOf(text)).toThrow(RangeError);
    expect(() => kernelModelOf(text)).toThrow(message);
  });
});

describe('a leaf that is replaced by another one', () => {
  const ops = 'map 1G 4K 4G rw\nprobe 1G\nmap 1G 4K 5G rw';

  it('loses its reference before the break in v5.11', () => {
    // P while it translates; I while it does not; G when it does again.
    expect(probeOf('v5.11', ops)).toEqual([1, 3]);
  });

  it('loses its reference after the break from v5.12 on', () => {
    expect(probeOf('v5.12', ops)).toEqual([2, 3]);
    // And is cleaned before it is made.
    expect(probeOf('v5.12p1', ops)).toEqual([3, 4]);
  });

  it('is left alone where nothing but permissions differ, from v5.12 on', () => {
    const { mapper } = makeTable({ kernel: 'v5.12' });
    mapper.map(GIB, PAGE, GIB, READ_WRITE, ENDLESS());
    expect(mapper.map(GIB, PAGE, GIB, { ...READ_WRITE, execute: true }, ENDLESS())).toBe(EAGAIN);
    expect(mapper.map(GIB, PAGE, GIB, { ...READ_WRITE, device: true }, ENDLESS())).toBe(OK);
  });
});

describe('flush', () => {
  it('looks at nothing with FEAT_S2FWB, not even at the range', () => {
    const { effects, lines } = effectLog();
    expect(flush(makeTable({ fwb: true, effects }).table, 2 ** 50, PAGE)).toBe(OK);
    expect(flush(makeTable({ effects }).table, 2 ** 50, PAGE)).toBe(ERANGE);
    expect(lines).toEqual([]);
  });
});

describe('map', () => {
  it('refuses executable device memory before it looks at the range', () => {
    const { mapper } = makeTable();
    expect(mapper.map(2 ** 50, PAGE, 0, { ...READ_WRITE, execute: true, device: true }, ENDLESS())).toBe(EINVAL);
  });

  it('leaves what it has done when the memory cache runs out', () => {
    const { table, mapper } = makeTable();
    expect(mapper.map(GIB - PAGE, 2 * PAGE, 0, READ_WRITE, new MemoryCache(2))).toBe(ENOMEM);
    expect(table.arena.livePages).toBe(table.geometry.rootPages + 2);
    expect(mapper.map(GIB - PAGE, PAGE, PAGE, READ_WRITE, null)).toBe(OK);
    expect(mapper.map(GIB, PAGE, 0, READ_WRITE, null)).toBe(ENOMEM);
  });

  it('tells each action once, in the order of the kernel', () => {
    const { effects, lines } = effectLog();
    const { mapper } = makeTable({ effects });
    mapper.map(GIB, PAGE, 8 * GIB, READ_WRITE, ENDLESS());
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...['descriptorsRead', 'tableAllocated', 'tableInstalled', 'referencesTaken'],
      ...['descriptorsRead', 'tableAllocated', 'tableInstalled', 'referencesTaken'],
      ...['descriptorsRead', 'dcacheClean', 'leafInstalled', 'referencesTaken'],
    ]);
    lines.length = 0;
    mapper.map(GIB + PAGE, PAGE, 8 * GIB + PAGE, READ_WRITE, ENDLESS());
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...['descriptorsRead', 'descriptorsRead', 'descriptorsRead'],
      ...['dcacheClean', 'leafInstalled', 'referencesTaken'],
    ]);
  });

  it('goes on through what it read when a visitor has changed tables below its feet', () => {
    const { effects, lines } = effectLog();
    const breaking = defineStrategy({
      name: 'breaking',
      summary: 'breaks what it comes to first',
      source: 'of this test',
      tablePre(entry, map) {
        if (entry.level === 1 && entry.address === GIB + 2 * PAGE) map.invalidate(entry);
      },
    });
    const { table, mapper } = makeTable({ effects, strategy: breaking });
    for (const page of [0, 1, 2]) {
      lines.length = 0;
      // The third one finds the entry of level 1 in the walk cache, and breaks it.
      expect(mapper.map(GIB + page * PAGE, PAGE, page * PAGE, READ_WRITE, ENDLESS())).toBe(OK);
    }
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...['descriptorsRead', 'entryInvalidated', 'descriptorsRead', 'descriptorsRead'],
      ...['dcacheClean', 'leafInstalled', 'referencesTaken'],
    ]);
    expect(table.countValid(table.arena.slotOfSerial(3) * 512, 512)).toBe(3);
  });
});

describe('attributes', () => {
  it('are relaxed with a TLBI at the level of the leaf, or at level 0 where there is none', () => {
    const { effects, lines } = effectLog();
    const { table, mapper } = makeTable({ effects });
    mapper.map(GIB, 2 ** 21, 0, { ...READ_WRITE, write: false }, ENDLESS());
    lines.length = 0;
    expect(relaxPermissions(table, GIB + PAGE + 5, READ_WRITE)).toBe(OK);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['descriptorsRead', 'leavesChanged', 'tlbiIpa']);
    expect(lines[2]).toBe(`tlbiIpa ${GIB + PAGE + 5} 2`);
    lines.length = 0;
    relaxPermissions(table, 2 * GIB, READ_WRITE);
    expect(lines).toEqual(['descriptorsRead 1 2', `tlbiIpa ${2 * GIB} 0`]);
    expect(relaxPermissions(table, 2 ** 40, READ_WRITE)).toBe(ERANGE);
  });

  it('answer 0 beyond the address space, where the kernel ignores ERANGE', () => {
    expect(markOld(makeTable().table, 2 ** 40)).toBe(0n);
  });
});

describe('an op script of later kernels', () => {
  const results = (kernel: string, lines: string) => {
    const options = {
      kernel: kernelModelOf(kernel),
      strategy: BLOCK_FIRST,
      pageSizeBytes: PAGE,
      form: 'short',
    } as const;
    return [...runScript(parseScript(`init ipa=40\n${lines}`), options)];
  };

  it('warns where a range is aged beyond the address space, from v6.5 on', () => {
    expect(results('v6.12', 'testclear 1024G 4K 1')[0]).toEqual([0, 0, 'W1', expect.any(String), '0x0']);
    expect(results('v6.4', 'mkold 1024G')[0]).toEqual([0, 0, '', '811c9dc5', '0x0']);
  });

  it('ages a range at once from v6.5 on, and its first page before', () => {
    const script = 'map 0 8K 4G rw\nmkold 0 8K\nisyoung 4K';
    expect(results('v6.6', script)[2]).toEqual([2, 0, '', '811c9dc5', '0x0']);
    expect(results('v6.4', script)[2]).toEqual([2, 0, '', '811c9dc5', '0x1']);
  });

  it('leaves an annotation alone that says the same, in v7.1', () => {
    const script = 'setowner 0 4K 1\nsetowner 0 4K 1';
    expect(results('v7.1', script)[1]).toEqual([1, 0, '', '811c9dc5']);
    expect(results('v6.12', script)[1]).toEqual([1, 0, 'G1P1', '811c9dc5']);
  });
});
