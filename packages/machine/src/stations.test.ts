import { describe, expect, it } from 'vitest';
import { COSTS } from '../test/cell.ts';
import { placeOf } from './charges.ts';
import { Stations } from './stations.ts';

const DVM = { dvmIpa: 100, dvmVmid: 300, dvmRange: 50 };

describe('broadcasts', () => {
  it('wait for those before them, of whichever kind', () => {
    const stations = new Stations({ ...COSTS, ...DVM });
    const waits = (['dvmIpa', 'dvmVmid', 'dvmRange', 'dvmIpa'] as const).map((kind) =>
      stations.broadcastWaitNs(kind, 1000),
    );
    expect(waits).toEqual([0, 100, 400, 450]);
    expect(stations.broadcastWaitNs('dvmIpa', 2000)).toBe(0);
  });

  it('wait for nobody where the profile gives them no time, and are charged by their own cost or that of an IPA', () => {
    const free = new Stations(COSTS);
    expect([1, 2].map(() => free.broadcastWaitNs('dvmIpa', 0))).toEqual([0, 0]);
    const own = new Stations({ ...COSTS, ...DVM });
    expect((['dvmIpa', 'dvmVmid', 'dvmRange'] as const).map((kind) => own.broadcastPlace(kind))).toEqual(
      (['dvmIpa', 'dvmVmid', 'dvmRange'] as const).map(placeOf),
    );
    const ofIpa = new Stations({ ...COSTS, dvmIpa: 100 });
    expect(ofIpa.broadcastPlace('dvmRange')).toBe(placeOf('dvmIpa'));
    expect([1, 2].map(() => ofIpa.broadcastWaitNs('dvmRange', 0))).toEqual([0, 100]);
  });

  it('do not wait for what sums lose in rounding', () => {
    const stations = new Stations({ ...COSTS, dvmIpa: 0.0004 });
    expect([1, 2, 3].map(() => stations.broadcastWaitNs('dvmIpa', 0))).toEqual([0, 0, 0]);
    expect([4, 5].map(() => stations.broadcastWaitNs('dvmIpa', 0))).toEqual([
      expect.closeTo(0.0012),
      expect.closeTo(0.0016),
    ]);
  });
});

describe('memory', () => {
  it('is used beside others in the time that their lines take, and alone in no less than a core takes for them', () => {
    const stations = new Stations({ ...COSTS, memoryLine: 2 });
    expect(stations.memoryPlace).toBe(placeOf('memoryLine'));
    // 100 lines keep it busy for 200 ns, and one core alone for 500.
    const waits = [1, 2, 3, 4].map(() => stations.memoryWaitNs(100, 1000, 500));
    expect(waits).toEqual([0, 0, 100, 300]);
    // More than one core alone could take.
    expect(stations.memoryWaitNs(10, 5000, 1)).toBe(0);
    expect(stations.memoryWaitNs(10, 5000, 1)).toBe(20);
  });

  it('keeps nobody waiting where the profile gives its lines no time, and is no concern of broadcasts', () => {
    const free = new Stations(COSTS);
    expect([1, 2].map(() => free.memoryWaitNs(100, 0, 1))).toEqual([0, 0]);
    const both = new Stations({ ...COSTS, ...DVM, memoryLine: 2 });
    both.memoryWaitNs(100, 0, 1);
    expect(both.broadcastWaitNs('dvmIpa', 0)).toBe(0);
  });
});

describe('stations', () => {
  it('forget what is over, and nothing that is not', () => {
    const stations = new Stations({ ...COSTS, ...DVM, memoryLine: 2 });
    stations.broadcastWaitNs('dvmVmid', 0);
    stations.memoryWaitNs(100, 0, 1);
    stations.forget(199);
    expect([stations.broadcastWaitNs('dvmIpa', 199), stations.memoryWaitNs(1, 199, 1)]).toEqual([101, 1]);
    // Who comes earlier than was said meets nobody: that is what forgetting means.
    stations.forget(1000);
    expect([stations.broadcastWaitNs('dvmIpa', 199), stations.memoryWaitNs(1, 199, 1)]).toEqual([0, 0]);
  });

  it('that are cleared serve nobody any more', () => {
    const stations = new Stations({ ...COSTS, ...DVM, memoryLine: 2 });
    stations.broadcastWaitNs('dvmVmid', 0);
    stations.memoryWaitNs(100, 0, 1);
    stations.clear();
    expect([stations.broadcastWaitNs('dvmIpa', 0), stations.memoryWaitNs(1, 0, 1)]).toEqual([0, 0]);
  });
});
