/** What the kernel does under the workloads that come with s2bench, counted by hand. */
import { describe, expect, it } from 'vitest';
import { MIB, simulate, stageOf, SUBJECTS } from './fixtures/workload-cell.ts';

describe.each(SUBJECTS)('under %s', (...subject) => {
  it('log-stop: nothing faults once all is split, and the ioctl takes no entry away', () => {
    const stages = simulate(subject, 'log-stop?passes=2');
    const [run, off] = [stageOf(stages, 'RUN'), stageOf(stages, 'LOG_OFF')];
    for (const stage of [run, off]) {
      expect(stage.faults).toMatchObject({ translation: 0, permission: 0 });
      expect(stage.tlbi).toEqual({ vmid: 0, ipa: 0, range: 0 });
    }
    expect(run.host).toBeUndefined();
    expect(off.host).toMatchObject({ tasks: { 'log-off': { count: 1 } }, vcpuStallNs: 0, longestLockNs: 0 });
    expect(off.timeNs).toBe(run.timeNs);
    // Two passes of 4096 pages, each with 100 ns of its own at least.
    expect(run.timeNs).toBeGreaterThan(2 * 4096 * 100);
  });

  it.each(['end', 'start', 'striped', 'random'])('spread: one coalesce for each block with holes (%s)', (holes) => {
    const stages = simulate(subject, `spread?populated=25&holes=${holes}&accesses=40`);
    // A quarter of 512 pages of eight blocks: each block is split once, and the others of its pages are mapped.
    expect(stageOf(stages, 'UPDATE')).toMatchObject({
      faults: { permission: 8, translation: 8 * 127 },
      maps: 8 * 128,
      tablePages: { allocated: 8 },
    });
    const { maps, tablePages, invalidWindow, staleReads } = stageOf(stages, 'SPREAD');
    expect({ maps, freed: tablePages.freed, windows: invalidWindow.count, staleReads }).toEqual({
      maps: 8,
      freed: 8,
      windows: 8,
      staleReads: 0,
    });
  });

  it('spread: a working set of the blocks that go stops its guests, and one elsewhere does not', () => {
    // While the second half of the blocks goes nobody is there: half of the work, and half of it stops somebody.
    const faults = [100, 50].map((percent) => {
      const machine = { vcpus: 4, memoryBytes: 32 * MIB };
      return stageOf(simulate(subject, `spread?working-set=${percent}`, machine), 'SPREAD').faults.translation - 16;
    });
    // Three vCPUs, at most once for each of sixteen blocks, or of eight.
    expect(faults[0]).toBeGreaterThan(16);
    expect(faults[0]).toBeLessThanOrEqual(3 * 16 * (subject[0] === 'v6.12' ? Infinity : 1));
    expect(faults[1]).toBeGreaterThan(8);
    expect(simulate(subject, 'spread?working-set=1', { vcpus: 1 })['SPREAD']?.faults.translation).toBe(8);
  });

  it('migration: what is dirty is what was written, and the end of it is as it was asked for', () => {
    // Rounds of which the first takes 16 MiB / 1.25e9 B/s: 13.4 ms at 1 GiB/s are 3518 writes of 4096 pages.
    const options = 'rounds=2&dirty-mib=1024&manual-protect=off';
    const stages = simulate(subject, `migration?${options}`);
    expect(stageOf(stages, 'LOG_ON').host).toMatchObject({ tasks: { 'log-on': { count: 1 } } });
    expect(stageOf(stages, 'ROUND1').host).toBeUndefined();
    expect(stageOf(stages, 'ROUND2').host).toMatchObject({ tasks: { 'collect-log': { count: 1 } } });
    const freed = ['LOG_OFF', 'ADJUST'].map((name) => stageOf(stages, name).tablePages.freed);
    expect(Math.max(...freed)).toBeGreaterThan(0);
    const finished = simulate(subject, `migration?${options}&end=finished&downtime-ms=1`);
    expect(stageOf(finished, 'DESTROY').host).toMatchObject({ tasks: { destroy: { count: 1 } } });
  });

  it('migration: CLEAR beside running guests makes each page that they write fault once more', () => {
    const stages = simulate(subject, 'migration?rounds=1&dirty-mib=1024');
    const { faults, host, tablePages } = stageOf(stages, 'ROUND1');
    expect(Object.keys(host?.tasks ?? {})).toEqual(['collect-log', 'clear-log']);
    expect(tablePages.allocated).toBe(8);
    // The first write to each block that finds it protected splits it, whoever else comes at the same time.
    expect(faults.permission).toBeGreaterThanOrEqual(8);
  });
});
