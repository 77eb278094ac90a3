/** The level hint of a strategy's TLBI by IPA. */
import { defineStrategy, LEVEL_UNKNOWN } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { effectLog, ENDLESS, makeTable, READ_WRITE } from '../../test/fixtures.ts';

const PAGE = 4096;
const GIB = 2 ** 30;

/** The hints that a strategy's TLBI of the table at level 2 goes out with. */
function hintsOf(level: number | undefined): string[] {
  const { effects, lines } = effectLog();
  const strategy = defineStrategy({
    name: 'hints',
    summary: 'a TLBI for each table',
    source: 'of this test',
    tablePre: (entry, map) => {
      if (entry.level === 2) map.tlbiIpa(entry, level);
    },
  });
  const { mapper } = makeTable({ strategy, effects });
  mapper.map(GIB, PAGE, GIB, READ_WRITE, ENDLESS());
  mapper.map(GIB + PAGE, PAGE, GIB + PAGE, READ_WRITE, ENDLESS());
  return lines.filter((line) => line.startsWith('tlbiIpa'));
}

describe('a TLBI by IPA', () => {
  it('has the level of its entry where none is given, else the one that is', () => {
    expect(hintsOf(undefined)).toEqual([`tlbiIpa ${GIB + PAGE} 2`]);
    expect(hintsOf(LEVEL_UNKNOWN)).toEqual([`tlbiIpa ${GIB + PAGE} 0`]);
    expect(hintsOf(3)).toEqual([`tlbiIpa ${GIB + PAGE} 3`]);
  });

  it.each([-1, 4, 1.5, NaN])('of level %d is refused', (level) => {
    expect(() => hintsOf(level)).toThrow(`tlbiIpa: level ${level}: must be 0 (LEVEL_UNKNOWN) to 3`);
  });
});
