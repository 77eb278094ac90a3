import { makeGeometry } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { COSTS, FANOUT, PAGE, smallGeometry } from '../test/cell.ts';
import { GuestWalks } from './guest-walk.ts';
import { latencyNs } from './memory-contention.ts';

const WALKS = { ...COSTS, guestWalkRead: 3, guestWalkLine: 64, farMemory: 29 };
/** Levels of stage 1 for pages of 4K and addresses of 48 bits. */
const STAGE_1 = 4;

describe('the walks of a guest', () => {
  // Tables of stage 2 begin at level 1.
  const walks = new GuestWalks(smallGeometry(), WALKS, 1);

  it('read stage 1, and stage 2 down to the level that maps', () => {
    expect([1, 2, 3].map((level) => walks.readsOf(level, PAGE))).toEqual([STAGE_1 + 1, STAGE_1 + 2, STAGE_1 + 3]);
    expect(walks.readsOfStage1(PAGE)).toBe(STAGE_1);
  });

  it('are fewer where several accesses come to one page, and one each where none does', () => {
    expect(walks.readsOf(3, PAGE / 4)).toBe((STAGE_1 + 3) / 4);
    expect(walks.readsOf(3, 4 * PAGE)).toBe(STAGE_1 + 3);
    expect(walks.readsOfStage1(PAGE / 4)).toBe(STAGE_1 / 4);
    expect(walks.readsOfStage1(4 * PAGE)).toBe(STAGE_1);
  });

  it('bring a line for eight descriptors side by side, of each stage, and never more than one of each', () => {
    expect(walks.linesOf(3, PAGE)).toBe(1 / 8 + 1 / 8);
    expect(walks.linesOf(2, PAGE)).toBe(1 / 8 + 1 / (8 * FANOUT));
    expect(walks.linesOf(3, 2 * PAGE)).toBe(2 / 8 + 2 / 8);
    expect(walks.linesOf(2, 1000 * PAGE)).toBe(2);
  });

  it('are told apart from those that the profile’s access has in it: through the largest block, page by page', () => {
    const [reads, lines] = [walks.readsOf(1, PAGE), walks.linesOf(1, PAGE)];
    expect(walks.accessesOf(reads, lines)).toBe(1);
    expect(walks.accessesOf(reads + 2, lines)).toBeCloseTo(1 + (2 * 3) / COSTS.guestAccess, 12);
    expect(walks.accessesOf(reads, lines + 0.5)).toBeCloseTo(1 + (0.5 * 64) / COSTS.guestAccess, 12);
    expect(walks.accessesOf(0, 0)).toBeLessThan(1);
  });

  it('cost what the profile gives them, or nothing; memory is far as soon as there are two vCPUs', () => {
    expect(walks).toMatchObject({ readNs: 3, lineNs: 64, farNs: 0, entryBytes: PAGE });
    const two = new GuestWalks(smallGeometry(), WALKS, 2);
    expect(two.farNs).toBeCloseTo(latencyNs(WALKS, 2) - COSTS.guestAccess, 12);
    expect(two.farNs).toBeGreaterThan(0);
    // In accesses that take longer, a walk is less.
    expect(two.accessesOf(walks.readsOf(1, PAGE) + 1, walks.linesOf(1, PAGE))).toBeCloseTo(1 + 3 / latencyNs(WALKS, 2));
    const free = new GuestWalks(smallGeometry(), COSTS, 1);
    expect(free).toMatchObject({ readNs: 0, lineNs: 0 });
    expect(free.accessesOf(100, 100)).toBe(1);
  });

  it.each([
    [4096, 4],
    [16384, 4],
    [65536, 3],
  ])('have with pages of %i bytes %i levels of stage 1', (pageSizeBytes, levels) => {
    const real = new GuestWalks(makeGeometry(pageSizeBytes, 40), WALKS, 1);
    expect(real.readsOfStage1(pageSizeBytes)).toBe(levels);
  });
});
