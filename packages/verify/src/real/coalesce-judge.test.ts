/** What a range TLBI leaves in TLBs, where it begins below what is judged. */
import { IgnoreEffects, makeGeometry, Stage2Table } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { STRICTEST } from '../hardware/architecture.ts';
import { CoalesceJudge } from './coalesce-judge.ts';

const PAGE = 4096;
const BLOCK = 2 ** 21;
const PAGES = BLOCK / PAGE;

/** A block whose pages were cached, broken since, and are flushed by one range; then it stands over them. */
function rangeFlushed(ipa: number, pages: number): string | undefined {
  const table = new Stage2Table({ geometry: makeGeometry(PAGE, 40), fwb: true, effects: new IgnoreEffects() });
  const range = { ipa: 3 * BLOCK, pa: 8 * BLOCK, pages: PAGES };
  const judge = new CoalesceJudge(table, range, { fwb: true, arch: STRICTEST });
  const low = (page: number): number => range.pa + page * PAGE;
  const top = table.allocateChild(0, 1);
  table.installTable(0, 0, 1, top);
  const leaves = table.allocateChild(range.ipa, 2);
  const above = top * PAGES + 3;
  table.installTable(above, range.ipa, 2, leaves);
  table.effects = judge;
  for (let page = 0; page < PAGES; page++)
    table.installLeaf(leaves * PAGES + page, range.ipa + page * PAGE, 3, low(page), 0);
  judge.begin();
  table.invalidate(above, range.ipa, 2);
  judge.tlbiRange(ipa, pages);
  table.installLeaf(above, range.ipa, 2, low(0), 0);
  return judge.finding?.text;
}

describe('a range TLBI', () => {
  it('takes what it covers of the judged pages, and no more where it begins below them', () => {
    expect(rangeFlushed(3 * BLOCK, PAGES)).toBeUndefined();
    expect(rangeFlushed(3 * BLOCK - 8 * PAGE, PAGES + 8)).toBeUndefined();
    const late = 'page 504 may be cached at level 3 while level 2 maps it too';
    expect(rangeFlushed(3 * BLOCK, PAGES - 8)).toBe(late);
    expect(rangeFlushed(3 * BLOCK - 8 * PAGE, PAGES)).toBe(late);
  });
});
