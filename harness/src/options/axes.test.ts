import { z } from '@s2bench/core';
import { DEFAULT_PRESET } from '@s2bench/studies';
import { defineWorkload } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { FAKE_WORKLOAD } from '../../test/fixtures/fake-workload.ts';
import { findWorkloads, parseAxes } from './axes.ts';
import { flagLayer, type ListTexts, mergeLayers, namedLayer } from './run-flags.ts';

/** A workload whose stages and histories are its own. */
const OTHER = defineWorkload({
  name: 'other-test',
  summary: 'a fixture',
  source: 'none',
  histories: [{ name: 'fresh', summary: 'a fixture' }],
  options: z.object({ passes: z.int().min(1).max(9).default(1) }),
  behaviour: ({ passes }) => ({
    stages: ['CREATE', ...Array.from({ length: passes }, (_, index) => `PASS${index + 1}`)],
    plan: (setting) => FAKE_WORKLOAD.plan(setting),
  }),
});

const parse = (flags: ListTexts) => {
  const given = mergeLayers([namedLayer('preset', DEFAULT_PRESET.lists), flagLayer(flags)]);
  return parseAxes(given, findWorkloads(given.workload, { builtIn: [FAKE_WORKLOAD, OTHER], foreign: new Map() }));
};

describe('parseAxes', () => {
  it('reads the whole preset', () => {
    expect(parse({})).toEqual({
      ...DEFAULT_PRESET.lists,
      vcpus: [20, 40, 60],
      memory: [20 * 2 ** 30],
      granule: [2 ** 30],
      pageSize: [4096],
      seed: [1],
    });
  });

  it('counts a value once that is given twice', () => {
    expect(parse({ vcpus: ['4', '2', '4'], memory: ['1G', '1024M'] })).toMatchObject({
      vcpus: [4, 2],
      memory: [2 ** 30],
    });
  });

  it('puts stages in their order, and knows all of them', () => {
    expect(parse({ stages: ['adjust', 'CREATE'] }).stages).toEqual(['CREATE', 'ADJUST']);
    expect(parse({ stages: ['all'] }).stages).toEqual(['CREATE', 'LOG_ON', 'UPDATE', 'LOG_OFF', 'ADJUST']);
  });

  it('makes an axis of the options of a workload, whose stages follow from them', () => {
    const given = { workload: ['other-test?passes=1,3'] };
    expect(parse({ ...given, stages: ['all'] })).toMatchObject({
      workload: ['other-test?passes=1', 'other-test?passes=3'],
      stages: ['CREATE', 'PASS1', 'PASS2', 'PASS3'],
    });
    expect(parse({ ...given, stages: ['pass3', 'create'] }).stages).toEqual(['CREATE', 'PASS3']);
  });

  it('takes stages and histories of a lower layer only where the workload has them, else all of its own', () => {
    expect(parse({ workload: ['other-test'] })).toMatchObject({ stages: ['CREATE', 'PASS1'], history: ['fresh'] });
    expect(parse({ workload: ['page-table-test'] }).stages).toEqual(['ADJUST']);
    const both = parse({ workload: ['page-table-test', 'other-test'] });
    expect(both.history).toEqual(['block-first', 'logging-first', 'fresh']);
    expect(both.stages).toEqual(['CREATE', 'PASS1', 'ADJUST']);
  });

  it('makes an axis of the options of a kernel model', () => {
    expect(parse({ kernel: ['v5.11', 'v5.12?aligned-walk=on,off', 'v5.12?', 'v5.12'] }).kernel).toEqual([
      'v5.11',
      'v5.12?aligned-walk=on',
      'v5.12?aligned-walk=off',
      'v5.12',
    ]);
  });

  it.each<[ListTexts, string]>([
    [{ vcpus: ['20', ''] }, '--vcpus: an empty item in the list; write it as a,b'],
    [{ vcpus: ['0'] }, '--vcpus 0: must be a whole number from 1 to 512, for example 20'],
    [{ pageSize: ['8K'] }, '--page-size 8K: not a page size of Arm; these are 4K, 16K, 64K'],
    [{ backing: ['hugetbl'] }, '--backing hugetbl: unknown backing; did you mean hugetlb?'],
    [
      { kernel: ['v6.3'] },
      '--kernel v6.3: unknown kernel model; modelled are v5.11, v5.12, v5.12p1, v5.14, v5.18, v6.1, v6.2, v6.4, v6.5, v6.6, v6.12, v7.1; the newest that is not later is v6.2: ',
    ],
    [
      { kernel: ['v5.12?aligned-walk=onn'] },
      '--kernel v5.12?aligned-walk=onn: option aligned-walk=onn: must be on or off; did you mean on?; left out it is off',
    ],
    [
      { kernel: ['v5.12?aligned-walk=on,v5.11'] },
      '--kernel v5.12?aligned-walk=v5.11: option aligned-walk=v5.11: must be on or off; left out it is off; a kernel after',
    ],
    [
      { kernel: ['v5.12?aligned-wak=on'] },
      '--kernel v5.12?aligned-wak=on: option aligned-wak: unknown option of v5.12; did you mean aligned-walk?',
    ],
    [{ kernel: ['v5.12?aligned-walk'] }, '--kernel v5.12?aligned-walk: option "aligned-walk" has no value'],
    [{ history: ['block-frist'] }, '--history block-frist: unknown history; did you mean block-first?'],
    [
      { stages: ['PASS4'], history: ['fresh'], workload: ['other-test?passes=3'] },
      '--stages PASS4: unknown stage of other-test?passes=3; did you mean PASS1?',
    ],
    [
      { workload: ['other-test?passes=0'] },
      '--workload other-test?passes=0: option passes=0: must be a whole number from 1 to 9; left out it is 1',
    ],
    [
      { workload: ['other-test?pass=2'] },
      '--workload other-test?pass=2: option pass: unknown option of other-test; did you mean passes?',
    ],
    [
      { workload: ['page-table-test?a=1'] },
      '--workload page-table-test?a=1: option a: workload page-table-test has no options',
    ],
    [{ workload: ['page-table'] }, '--workload page-table: unknown workload; did you mean page-table-test?'],
    [{ stages: ['ADJSUT'] }, '--stages ADJSUT: unknown stage of page-table-test; did you mean ADJUST?'],
    [{ seed: ['-1'] }, '--seed -1: must be a whole number from 0 up, for example 1'],
  ])('refuses %j', (flags, message) => {
    expect(() => parse(flags)).toThrow(message);
  });
});
