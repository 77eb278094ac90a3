/**
 * More than one table, and what lies beyond stage 2: traces of the kinds that Casemate's own regression set has. That
 * set is no part of this repository; how our reading was held against it stands in docs/decisions/0008.
 */
import { describe, expect, it } from 'vitest';
import {
  FLUSH,
  free,
  hint,
  init,
  ISH,
  judgeActions,
  LEVEL_3,
  liveTable,
  OFF,
  PAGE,
  release,
  byIpa,
  STAGE_1,
  sysreg,
  verdictOn,
} from '../../test/casemate-traces.ts';
import { write } from '../../test/casemate-traces.ts';
import { TABLE_BYTES } from './real-table.ts';
import type { CasemateAction } from './records.ts';

const [ROOT_A, ROOT_B, SHARED, OTHER] = [0x10000n, 0x20000n, 0x30000n, 0x40000n];
const [LOCK_A, LOCK_B] = [0x90000n, 0x90008n];
const VMID_1 = 1n << 48n;
const TABLE = 3n;

const lock = (address: bigint): CasemateAction => ({ name: 'lock', address });
const unlock = (address: bigint): CasemateAction => ({ name: 'unlock', address });
const load = (root: bigint): CasemateAction => sysreg('vttbr_el2', root);

/** Two roots with a lock each, and two pages that can be tables below them; nothing is loaded. */
const TWO_ROOTS: readonly CasemateAction[] = [
  ...[ROOT_A, ROOT_B, SHARED, OTHER].map(init),
  hint('set_root_lock', ROOT_A, LOCK_A),
  hint('set_root_lock', ROOT_B, LOCK_B),
];
/** The same, with a table below the first root, which is loaded. */
const A_LOADED: readonly CasemateAction[] = [...TWO_ROOTS, write(ROOT_A, SHARED | TABLE), load(ROOT_A)];
/** The table is cut off, and not flushed. */
const A_CUT: readonly CasemateAction[] = [...A_LOADED, lock(LOCK_A), write(ROOT_A, 0n), ISH];

describe('registers that a trace does not write', () => {
  it('are those of a machine that runs: the table is live as soon as it is loaded', () => {
    expect(verdictOn([...A_LOADED, write(ROOT_A, 0n)])).toBe('must write to pte while holding owner lock');
    expect(verdictOn([...OFF, ...A_LOADED, write(ROOT_A, 0n)])).toBe('accepted');
    expect(verdictOn([...OFF, ...A_LOADED, sysreg('hcr_el2', 1n), write(ROOT_A, 0n)])).toBe(
      'must write to pte while holding owner lock',
    );
  });

  it('are each CPU’s own', () => {
    const actions = [...OFF, ...A_LOADED, write(ROOT_A, 0n)];
    expect(verdictOn(actions, { [actions.length - 2]: 1 })).toBe('must write to pte while holding owner lock');
  });
});

describe('a root', () => {
  it('may be loaded again, by any CPU, and give way to another one', () => {
    const actions = [...A_LOADED, load(ROOT_A), load(ROOT_B | VMID_1), load(ROOT_A)];
    expect(verdictOn(actions)).toBe('accepted');
    expect(verdictOn(actions, { [actions.length - 2]: 1, [actions.length - 1]: 2 })).toBe('accepted');
  });

  it('may be released when no CPU walks it, and begin anew with another VMID', () => {
    const left = [...A_LOADED, load(ROOT_B | VMID_1)];
    expect(verdictOn([...left, release(ROOT_A), free(ROOT_A), free(SHARED)])).toBe('accepted');
    expect(verdictOn([...left, release(ROOT_A), load(ROOT_A | (VMID_1 * 2n))])).toBe('accepted');
    expect(verdictOn([...A_LOADED, release(ROOT_A)])).toBe('cannot release table still in use');
  });

  it.each([
    ['has the VMID of another one', [...A_LOADED, load(ROOT_B)], 'duplicate (VM/AS)ID'],
    ['comes with another VMID', [...A_LOADED, load(ROOT_A | VMID_1)], 'root already associated with an (VM/AS)ID'],
    [
      'has no lock when an entry is written',
      [init(ROOT_A), load(ROOT_A), write(ROOT_A, 0n)],
      'must have associated root with a lock',
    ],
    ['was never made', [load(ROOT_A)], 'Saw uninitialised PTE on pgtable traversal'],
    [
      'is released while an entry is unclean',
      [...A_CUT, load(ROOT_B | VMID_1), release(ROOT_A)],
      'cannot release table where children are still unclean',
    ],
  ] as const)('is refused where it %s', (_, actions, reason) => {
    expect(verdictOn(actions)).toBe(reason);
  });

  it('is no root any more after its release: its pages may be written without a lock', () => {
    const released = [...A_LOADED, load(ROOT_B | VMID_1), release(ROOT_A), write(SHARED, 1n), write(ROOT_A, 1n)];
    expect(verdictOn(released)).toBe('accepted');
  });
});

describe('a table page', () => {
  const toB = [load(ROOT_B | VMID_1), lock(LOCK_B), write(ROOT_B, SHARED | TABLE), unlock(LOCK_B)];

  it('may go from one table to another when it is clean there', () => {
    const all: CasemateAction = { name: 'tlbi', operation: 'alle1is' };
    for (const flush of [FLUSH, all]) {
      const clean = [...A_CUT, flush, ISH, hint('set_owner_root', SHARED, 0n), unlock(LOCK_A)];
      expect(verdictOn([...clean, ...toB])).toBe('accepted');
    }
  });

  it('may not while it is linked or unclean', () => {
    expect(verdictOn([...A_LOADED, ...toB])).toBe('double-use pte');
    expect(verdictOn([...A_CUT, unlock(LOCK_A), ...toB])).toBe('double-use pte');
  });

  it('is filled below a live table under its lock', () => {
    expect(verdictOn([...A_LOADED, lock(LOCK_A), write(SHARED, OTHER | TABLE)])).toBe('accepted');
    expect(verdictOn([...A_LOADED, lock(LOCK_B), write(SHARED, OTHER | TABLE)])).toBe(
      'must write to pte while holding owner lock',
    );
  });

  it('is zeroed as a whole, entry by entry', () => {
    const zero: CasemateAction = { name: 'mem-set', address: OTHER, size: TABLE_BYTES, value: 0n };
    const filled = [...TWO_ROOTS, write(OTHER, 5n), zero];
    expect(verdictOn([...filled, init(OTHER)])).toBe('accepted');
    expect(verdictOn([...A_LOADED, { ...zero, address: SHARED }])).toBe('must write to pte while holding owner lock');
  });
});

describe('a TLBI', () => {
  const leaf = [...OFF, ...liveTable(2), lock(0x1_0000_9000n), write(LEVEL_3 + 8n, 0n), ISH];
  const other = write(LEVEL_3 + 8n, PAGE + 0x9000n);

  it('by IPA is of the VMID that the CPU runs', () => {
    const away = [init(ROOT_B), hint('set_root_lock', ROOT_B, LOCK_B), load(ROOT_B | VMID_1)];
    const flush = [byIpa(1n), ISH, STAGE_1, ISH];
    expect(verdictOn([...leaf, ...flush, other])).toBe('accepted');
    expect(verdictOn([...leaf, ...away, ...flush, other])).toBe('BBM invalid unclean->valid');
  });

  it('without effect on stage 2 leaves it unclean', () => {
    const el2: CasemateAction = { name: 'tlbi', operation: 'vae2is', value: 1n };
    expect(verdictOn([...leaf, el2, ISH, other])).toBe('BBM invalid unclean->valid');
  });

  it('says nothing of tables whose lock the CPU does not hold', () => {
    const unlocked = [...leaf, unlock(0x1_0000_9000n), FLUSH, ISH, lock(0x1_0000_9000n), other];
    expect(verdictOn(unlocked)).toBe('BBM invalid unclean->valid');
  });
});

describe('out of reach', () => {
  const stage1 = sysreg('ttbr0_el2', ROOT_A);
  const live = [...A_LOADED, lock(LOCK_A)];

  it.each([
    ['stage 1, as it is loaded', [...TWO_ROOTS, stage1], 'a stage-1 table is loaded'],
    [
      'stage 1, as it is switched on',
      [...OFF, ...TWO_ROOTS, stage1, sysreg('sctlr_el2', 1n)],
      'stage 1 is switched on',
    ],
    ['an ASID', [...TWO_ROOTS, sysreg('ttbr0_el2', ROOT_A | VMID_1)], 'a stage-1 table is loaded'],
    ['another geometry', [sysreg('vtcr_el2', 0x19n), ...A_LOADED], 'a geometry other than'],
    ['stage 2 without a root', [...OFF, sysreg('hcr_el2', 1n)], 'stage 2 is switched on without a root'],
    ['a root between pages', [...TWO_ROOTS, load(ROOT_A + 0x40n)], 'a root that is not aligned'],
    ['an entry with an owner', [...live, hint('set_pte_thread_owner', SHARED, 0n)], 'an entry has a CPU for an owner'],
    ['a hint of an entry', [...live, release(SHARED + 8n)], 'a hint of something else than a page'],
    ['DSB SY', [...live, { name: 'barrier', barrier: 'dsb', kind: 'sy' }], 'Casemate reads no DSB SY'],
    ['half a page', [{ name: 'mem-init', address: ROOT_A, size: 0x800n }], 'memory that is not made of whole pages'],
    ['more memory than there is', [{ name: 'mem-init', address: 0n, size: 1n << 60n }], 'more memory than Casemate'],
    ['half a descriptor', [...live, write(SHARED + 4n, 0n)], 'a store that is not aligned'],
    [
      'a pattern',
      [...live, { name: 'mem-set', address: OTHER, size: TABLE_BYTES, value: 1n }],
      'mem-set stores something else',
    ],
  ] as const)('%s', (_, actions, why) => {
    const found = judgeActions(actions);
    expect(found).toMatchObject({ verdict: 'out-of-reach', id: actions.length - 1 });
    expect(found.verdict === 'out-of-reach' ? found.why : '').toContain(why);
  });

  it('a fifth CPU', () => {
    expect(verdictOn([init(ROOT_A)], { 0: 3 })).toBe('accepted');
    expect(verdictOn([init(ROOT_A)], { 0: 4 })).toBe('out of reach: CPU 4: Casemate has 4');
  });

  it('a TLBI by IPA on a CPU that walks no table, where it would matter', () => {
    const actions = [...liveTable(2), lock(0x1_0000_9000n), write(LEVEL_3, 0n), ISH, byIpa(0n)];
    const others = Object.fromEntries([1, 2, 3, 4].map((back) => [actions.length - back, 1]));
    expect(verdictOn(actions, others)).toBe('out of reach: a TLBI by IPA on a CPU that walks no table');
  });
});
