/** The verdicts that are known of Casemate itself are the judge's. */
import { describe, expect, it } from 'vitest';
import { judgeTrace } from './judge.ts';
import { LOCK_ADDRESS, ROOT_ADDRESS, TABLE_BYTES, upperPage } from './real-table.ts';
import type { CasemateAction, CasemateRecord } from './records.ts';

const LEVEL_2 = upperPage(2);
const LEVEL_3 = upperPage(3);
const BLOCK = 0x2000007fdn;

const ISH: CasemateAction = { name: 'barrier', barrier: 'dsb', kind: 'ish' };
const ISHST: CasemateAction = { name: 'barrier', barrier: 'dsb', kind: 'ishst' };
const FLUSH: CasemateAction = { name: 'tlbi', operation: 'vmalls12e1is' };
const BY_IPA: CasemateAction = { name: 'tlbi', operation: 'ipas2e1is', value: 0n };
const STAGE_1: CasemateAction = { name: 'tlbi', operation: 'vmalle1is' };
const LOCK: CasemateAction = { name: 'lock', address: LOCK_ADDRESS };
const UNLOCK: CasemateAction = { name: 'unlock', address: LOCK_ADDRESS };
const RELEASE: CasemateAction = { name: 'hint', kind: 'release_table', location: LEVEL_3, value: 0n };
const FREE: CasemateAction = { name: 'mem-free', address: LEVEL_3, size: TABLE_BYTES };

const write = (address: bigint, value: bigint): CasemateAction => ({
  name: 'mem-write',
  order: 'plain',
  address,
  value,
});
const BREAK = write(LEVEL_2, 0n);
const MAKE = write(LEVEL_2, BLOCK);

/** A live table with `leaves` valid pages under one level-3 table. */
function liveTable(leaves: number): CasemateAction[] {
  const pages = [0, 1, 2, 3].map(upperPage);
  return [
    ...(['vtcr_el2', 'tcr_el2'] as const).map((sysreg): CasemateAction => ({
      name: 'sysreg-write',
      sysreg,
      value: 0x10n,
    })),
    ...(['mair_el2', 'hcr_el2', 'sctlr_el2'] as const).map((sysreg): CasemateAction => ({
      name: 'sysreg-write',
      sysreg,
      value: 0n,
    })),
    ...pages.map((address): CasemateAction => ({ name: 'mem-init', address, size: TABLE_BYTES })),
    { name: 'hint', kind: 'set_root_lock', location: ROOT_ADDRESS, value: LOCK_ADDRESS },
    ...pages
      .slice(1)
      .map((location): CasemateAction => ({ name: 'hint', kind: 'set_owner_root', location, value: ROOT_ADDRESS })),
    ...[0, 1, 2].map((level) => write(upperPage(level), upperPage(level + 1) | 3n)),
    ...Array.from({ length: leaves }, (_, page) =>
      write(LEVEL_3 + BigInt(8 * page), 0x2000007ffn + BigInt(page) * 0x1000n),
    ),
    { name: 'sysreg-write', sysreg: 'vttbr_el2', value: ROOT_ADDRESS },
    { name: 'sysreg-write', sysreg: 'hcr_el2', value: 1n },
  ];
}

function judge(actions: readonly CasemateAction[], leaves = 512, tids: Record<number, number> = {}): string {
  const table = liveTable(leaves);
  const records = [...table, ...actions].map((action, id): CasemateRecord => ({
    ...action,
    tid: tids[id - table.length] ?? 0,
    src: 's',
  }));
  const found = judgeTrace(records);
  return found.verdict === 'accepted' ? 'accepted' : found.reason;
}

describe('a coalesce of 512 pages', () => {
  it.each([ISH, ISHST])('is accepted with break, $kind, flush, DSB ISH, make', (first) => {
    expect(judge([LOCK, BREAK, first, FLUSH, ISH, MAKE, RELEASE, FREE, UNLOCK])).toBe('accepted');
  });

  it.each([
    ['without the TLBI', [BREAK, ISH, ISH, MAKE], 'BBM invalid unclean->valid'],
    ['without any DSB', [BREAK, FLUSH, MAKE], 'BBM invalid unclean->valid'],
    ['without the DSB before the TLBI', [BREAK, FLUSH, ISH, MAKE], 'BBM invalid unclean->valid'],
    ['without the DSB after the TLBI', [BREAK, ISH, FLUSH, MAKE], 'BBM invalid unclean->valid'],
    ['with a DSB ISHST after the TLBI', [BREAK, ISH, FLUSH, ISHST, MAKE], 'BBM invalid unclean->valid'],
    ['by IPA only', [BREAK, ISHST, BY_IPA, ISH, STAGE_1, ISH, MAKE], 'BBM invalid unclean->valid'],
    ['over the valid table', [MAKE], 'BBM valid->valid'],
  ] as const)('is refused %s', (_, actions, reason) => {
    expect(judge([LOCK, ...actions])).toBe(reason);
  });

  it('is refused where another CPU invalidates', () => {
    const actions = [LOCK, BREAK, ISH, FLUSH, ISH, MAKE];
    expect(judge(actions, 512, { 3: 1 })).toBe('BBM invalid unclean->valid');
  });
});

it('accepts the short trace of two leaves', () => {
  expect(judge([LOCK, BREAK, ISH, FLUSH, ISH, MAKE, RELEASE, FREE, UNLOCK], 2)).toBe('accepted');
});

describe('a leaf', () => {
  const gone = write(LEVEL_3 + 8n, 0n);
  const other = write(LEVEL_3 + 8n, 0x9000007ffn);
  const ofPage = (page: bigint): CasemateAction => ({ name: 'tlbi', operation: 'ipas2e1is', value: page });

  it('is clean after its own IPA was invalidated in both stages, and not after another one', () => {
    expect(judge([LOCK, gone, ISHST, ofPage(1n), ISH, STAGE_1, ISH, other])).toBe('accepted');
    expect(judge([LOCK, gone, ISHST, ofPage(2n), ISH, STAGE_1, ISH, other])).toBe('BBM invalid unclean->valid');
    expect(judge([LOCK, gone, ISHST, ofPage(1n), ISH, other])).toBe('BBM invalid unclean->valid');
  });

  it('may be stored again as it stands, and not otherwise', () => {
    expect(judge([LOCK, write(LEVEL_3, 0x2000007ffn)])).toBe('accepted');
    expect(judge([LOCK, write(LEVEL_3, 0x20000077fn)])).toBe('BBM valid->valid');
  });
});

describe('the order of things', () => {
  it.each([
    ['an entry written without the lock', [BREAK], 'writes an entry without the lock'],
    ['a lock taken twice', [LOCK, LOCK], 'takes a lock that is held'],
    ['a lock released that nobody holds', [UNLOCK], 'releases a lock that it does not hold'],
    ['a table page freed while it is linked', [LOCK, FREE], 'frees a table page that is part of a table'],
    ['a table page released before it is clean', [LOCK, BREAK, ISH, RELEASE], 'releases a table that is part of one'],
    [
      'a table page freed without its release',
      [LOCK, BREAK, ISH, FLUSH, ISH, FREE],
      'frees a table page that was not released',
    ],
    ['a store to nowhere', [write(0n, 0n)], 'writes to memory that is not initialised'],
  ] as const)('%s is refused', (_, actions, reason) => {
    expect(judge(actions)).toBe(reason);
  });

  it('names the record that it refuses', () => {
    const records = [...liveTable(1), LOCK, MAKE].map((action): CasemateRecord => ({ ...action, tid: 0, src: 's' }));
    expect(judgeTrace(records)).toEqual({ verdict: 'rejected', id: records.length - 1, reason: 'BBM valid->valid' });
  });
});
