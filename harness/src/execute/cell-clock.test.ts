import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CellClock, type TimedWorker } from './cell-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A thread that gets a part of a CPU, and has run for a while before. */
function worker(part: number): TimedWorker {
  const beganMs = performance.now();
  const partUs = (ofMs: number): number => (performance.now() - beganMs) * part * ofMs;
  return { cpuUsage: () => Promise.resolve({ user: 5e6 + partUs(900), system: partUs(100) }) };
}

async function expiry(part: number | undefined): Promise<{ spent: string; afterS: number }> {
  let end: { spent: string; afterS: number } | undefined;
  const beganMs = performance.now();
  const clock = new CellClock(part === undefined ? undefined : worker(part), 5e6, 4, (spent) => {
    end ??= { spent, afterS: (performance.now() - beganMs) / 1000 };
  });
  await vi.advanceTimersByTimeAsync(60_000);
  clock.stop();
  return end ?? expect.fail('it never ends');
}

describe('the time of a cell', () => {
  it('is CPU time, however busy the machine is', async () => {
    expect(await expiry(1)).toEqual({ spent: '4 s of CPU time', afterS: 4 });
    expect(await expiry(0.5)).toEqual({ spent: '4 s of CPU time', afterS: 8 });
  });

  it('ends for one that only waits, or that nobody can ask, by the clock on the wall', async () => {
    const waited = { spent: '16 s in which it used less than 4 s of CPU time', afterS: 16 };
    expect([await expiry(0.01), await expiry(undefined)]).toEqual([waited, waited]);
  });

  it('ends with the cell', async () => {
    const expired = vi.fn();
    new CellClock(worker(1), 5e6, 4, expired).stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(expired).not.toHaveBeenCalled();
  });
});
