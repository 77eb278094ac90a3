/** The verdicts that are known of Casemate itself are the judge's: of a coalesce, and of what may go wrong around it. */
import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  byIpa,
  FLUSH,
  free,
  hint,
  init,
  ISH,
  ISHST,
  judgeActions,
  LEVEL_2,
  LEVEL_3,
  liveTable,
  LOCK,
  NSH,
  PAGE,
  release,
  STAGE_1,
  UNLOCK,
  verdictOnTable,
  write,
} from '../../test/casemate-traces.ts';
import { LOCK_ADDRESS, upperPage } from './real-table.ts';
import type { CasemateAction } from './records.ts';

const BREAK = write(LEVEL_2, 0n);
const MAKE = write(LEVEL_2, BLOCK);
const RELEASE = release(LEVEL_3);
const FREE = free(LEVEL_3);

const UNCLEAN = 'BBM invalid unclean->valid';
const OVER_VALID = 'BBM valid->valid';

describe('a coalesce of 512 pages', () => {
  const judge = (...actions: readonly CasemateAction[]): string => verdictOnTable([LOCK, ...actions], {}, 512);

  it.each([ISH, ISHST])('is accepted with break, $kind, flush, DSB ISH, make', (first) => {
    expect(judge(BREAK, first, FLUSH, ISH, MAKE, RELEASE, FREE, UNLOCK)).toBe('accepted');
  });

  it.each([
    ['without the TLBI', [BREAK, ISH, ISH, MAKE], UNCLEAN],
    ['without any DSB', [BREAK, FLUSH, MAKE], 'Wrote plain without authorization'],
    ['without any DSB, made with a release', [BREAK, FLUSH, write(LEVEL_2, BLOCK, 'release')], UNCLEAN],
    ['without the DSB before the TLBI', [BREAK, FLUSH, ISH, MAKE], UNCLEAN],
    ['without the DSB after the TLBI', [BREAK, ISH, FLUSH, write(LEVEL_2, BLOCK, 'release')], UNCLEAN],
    ['with a DSB ISHST after the TLBI', [BREAK, ISH, FLUSH, ISHST, MAKE], UNCLEAN],
    ['with a TLBI of stage 1 alone', [BREAK, ISH, STAGE_1, ISH, MAKE], UNCLEAN],
    ['by IPA only', [BREAK, ISHST, byIpa(0n), ISH, STAGE_1, ISH, MAKE], UNCLEAN],
    ['over the valid table', [MAKE], OVER_VALID],
    ['with a DSB of this CPU alone', [BREAK, NSH], 'Unsupported DSB NSH'],
    [
      'with a TLBI of this CPU alone',
      [BREAK, ISH, { name: 'tlbi', operation: 'vmalls12e1' }],
      'Unsupported TLBI (expected broadcast)',
    ],
  ] as const)('is refused %s', (_, actions, reason) => {
    expect(judge(...actions)).toBe(reason);
  });

  it('is refused where another CPU invalidates', () => {
    const actions = [LOCK, BREAK, ISH, FLUSH, ISH, MAKE];
    expect(verdictOnTable(actions, { 3: 1 })).toBe(UNCLEAN);
  });

  it('names the record that it refuses', () => {
    const actions = [...liveTable(1), LOCK, MAKE];
    expect(judgeActions(actions)).toEqual({ verdict: 'rejected', id: actions.length - 1, reason: OVER_VALID });
  });
});

describe('a table page that was cut off', () => {
  const cut = [LOCK, BREAK, ISH, FLUSH, ISH];

  it('may be given back, released or not, made anew and linked again', () => {
    expect(verdictOnTable([...cut, RELEASE, FREE, UNLOCK])).toBe('accepted');
    expect(verdictOnTable([...cut, FREE, UNLOCK])).toBe('accepted');
    expect(verdictOnTable([...cut, FREE, init(LEVEL_3), write(LEVEL_2, LEVEL_3 | 3n, 'release')])).toBe('accepted');
  });

  it.each([
    ['is released before it is clean', [LOCK, BREAK, ISH, RELEASE], 'root does not exist'],
    ['is released while it is linked', [LOCK, RELEASE], 'root does not exist'],
    ['is freed before it is clean', [LOCK, BREAK, FREE], "can't free location which is currently a PTE"],
    ['is freed while it is linked', [LOCK, FREE], "can't free location which is currently a PTE"],
    ['is made anew and not zero', [...cut, init(LEVEL_3)], 'cannot initialise used location'],
    ['is linked in two places', [LOCK, write(LEVEL_2 + 8n, LEVEL_3 | 3n)], 'double-use pte'],
    ['was never made', [LOCK, write(LEVEL_2 + 8n, 0x9000003n)], 'Saw uninitialised PTE on pgtable traversal'],
    [
      'changes before the break above it is clean',
      [LOCK, BREAK, ISH, write(LEVEL_3, 0n)],
      'Wrote on a page with an unclean parent',
    ],
    [
      'has an unclean entry when the break above it is clean',
      [LOCK, write(LEVEL_3, 0n), ISH, BREAK, ISH, FLUSH, ISH],
      'BBM write table descriptor with unclean children',
    ],
  ] as const)('is refused where it %s', (_, actions, reason) => {
    expect(verdictOnTable(actions)).toBe(reason);
  });

  it('is refused where a table above it is unclean, for the children of its level as the root has them', () => {
    const actions = [LOCK, write(upperPage(1), 0n), ISH, release(LEVEL_2)];
    expect(verdictOnTable(actions)).toBe('cannot release table where children are still unclean');
  });

  it('is out of reach where a table is cut off above an entry whose flush is further', () => {
    const actions = [LOCK, BREAK, ISH, FLUSH, write(upperPage(1), 0n, 'release'), ISH];
    expect(verdictOnTable(actions)).toMatch(/^out of reach: a table is cut off above/);
  });
});

describe('a leaf', () => {
  const gone = write(LEVEL_3 + 8n, 0n);
  const other = write(LEVEL_3 + 8n, 0x9000007ffn);

  it('is clean after its own IPA was invalidated in both stages, and not after another one', () => {
    expect(verdictOnTable([LOCK, gone, ISHST, byIpa(1n), ISH, STAGE_1, ISH, other])).toBe('accepted');
    expect(verdictOnTable([LOCK, gone, ISHST, byIpa(2n), ISH, STAGE_1, ISH, other])).toBe(UNCLEAN);
    expect(verdictOnTable([LOCK, gone, ISHST, byIpa(1n), ISH, other])).toBe(UNCLEAN);
    expect(verdictOnTable([LOCK, gone, ISHST, byIpa(1n), ISHST, STAGE_1, ISH, other])).toBe(UNCLEAN);
  });

  it('is clean whatever level its TLBI names', () => {
    const level2 = byIpa((0b0110n << 44n) | 1n);
    expect(verdictOnTable([LOCK, gone, ISHST, level2, ISH, STAGE_1, ISH, other])).toBe('accepted');
  });

  it('may change in place, output address and all, once the access flag is set before or after', () => {
    expect(verdictOnTable([LOCK, write(LEVEL_3, PAGE)])).toBe('accepted');
    expect(verdictOnTable([LOCK, write(LEVEL_3, PAGE & ~0x80n)])).toBe('accepted');
    expect(verdictOnTable([LOCK, write(LEVEL_3, 0x9000007ffn)])).toBe('accepted');
    expect(verdictOnTable([LOCK, write(LEVEL_3, PAGE & ~0x400n)])).toBe('accepted');
  });

  it('may change nothing but the bits of software in place without an access flag', () => {
    const old = PAGE & ~0x400n;
    expect(verdictOnTable([LOCK, write(LEVEL_3, old), ISH, write(LEVEL_3, old | (1n << 55n))])).toBe('accepted');
    expect(verdictOnTable([LOCK, write(LEVEL_3, old), ISH, write(LEVEL_3, old & ~0x80n)])).toBe(OVER_VALID);
  });

  it('is refused where its level has none of its kind', () => {
    expect(verdictOnTable([LOCK, write(LEVEL_3 + 24n, BLOCK)])).toBe('Saw invalid pte encoding');
    expect(verdictOnTable([LOCK, write(upperPage(0) + 8n, BLOCK)])).toBe('Saw invalid pte encoding');
  });
});

describe('the order of things', () => {
  const trylock: CasemateAction = { name: 'trylock', address: LOCK_ADDRESS };

  it.each([
    ['an entry written without the lock', [BREAK], {}, 'must write to pte while holding owner lock'],
    [
      'an entry written under the lock of another CPU',
      [LOCK, BREAK],
      { 0: 1 },
      'must write to pte while holding owner lock',
    ],
    ['a lock taken twice', [LOCK, LOCK], {}, 'Tried to lock a component that was alerady held'],
    ['a lock tried by another CPU', [LOCK, trylock], { 1: 1 }, 'Tried to reacquire lock on different thread'],
    ['a lock released that nobody holds', [UNLOCK], {}, 'Tried to unlock a component that was not held'],
    [
      'a lock released that another CPU holds',
      [LOCK, UNLOCK],
      { 1: 1 },
      'Tried to unlock a cpmponent that was held by another thread',
    ],
    ['a store to nowhere', [write(0n, 0n)], {}, 'Attempted write to uninitialised location'],
    [
      'a plain store after another one',
      [LOCK, write(LEVEL_3, 0n), write(LEVEL_3 + 8n, 0n)],
      {},
      'Wrote plain without authorization',
    ],
    [
      'an entry of a table without a lock',
      [hint('set_root_lock', upperPage(0), 0n), LOCK, BREAK],
      {},
      'must have associated root with a lock',
    ],
  ] as const)('%s is refused', (_, actions, tids, reason) => {
    expect(verdictOnTable(actions, tids)).toBe(reason);
  });

  it('lets a lock be tried again by who holds it, and holds it until it is released as often', () => {
    const twice = [LOCK, trylock, trylock, UNLOCK, UNLOCK];
    expect(verdictOnTable([...twice, write(LEVEL_3, 0n)])).toBe('accepted');
    expect(verdictOnTable([...twice, UNLOCK, write(LEVEL_3, 0n)])).toBe('must write to pte while holding owner lock');
  });

  it('lets a barrier, a release and a new lock stand between two stores', () => {
    const [first, second] = [write(LEVEL_3, 0n), write(LEVEL_3 + 8n, 0n)];
    expect(verdictOnTable([LOCK, first, ISHST, second])).toBe('accepted');
    expect(verdictOnTable([LOCK, first, UNLOCK, LOCK, second])).toBe('accepted');
    expect(verdictOnTable([LOCK, first, write(LEVEL_3 + 16n, PAGE, 'release')])).toBe('accepted');
  });
});
