/** Traces for the judge, action by action: a live table, and what is done to it. */
import { type Judgement, judgeTrace } from '../src/casemate/judge.ts';
import { LOCK_ADDRESS, ROOT_ADDRESS, TABLE_BYTES, upperPage } from '../src/casemate/real-table.ts';
import type { CasemateAction, CasemateRecord } from '../src/casemate/records.ts';

export const LEVEL_2 = upperPage(2);
export const LEVEL_3 = upperPage(3);
/** Where a block of 2M, and the pages inside of it, lead to. */
export const BLOCK = 0x2000007fdn;
export const PAGE = 0x2000007ffn;

export const ISH: CasemateAction = { name: 'barrier', barrier: 'dsb', kind: 'ish' };
export const ISHST: CasemateAction = { name: 'barrier', barrier: 'dsb', kind: 'ishst' };
export const NSH: CasemateAction = { name: 'barrier', barrier: 'dsb', kind: 'nsh' };
export const FLUSH: CasemateAction = { name: 'tlbi', operation: 'vmalls12e1is' };
export const STAGE_1: CasemateAction = { name: 'tlbi', operation: 'vmalle1is' };
export const LOCK: CasemateAction = { name: 'lock', address: LOCK_ADDRESS };
export const UNLOCK: CasemateAction = { name: 'unlock', address: LOCK_ADDRESS };

export const write = (address: bigint, value: bigint, order: 'plain' | 'release' = 'plain'): CasemateAction => ({
  name: 'mem-write',
  order,
  address,
  value,
});
export const init = (address: bigint): CasemateAction => ({ name: 'mem-init', address, size: TABLE_BYTES });
export const free = (address: bigint): CasemateAction => ({ name: 'mem-free', address, size: TABLE_BYTES });
export const hint = (
  kind: Extract<CasemateAction, { readonly name: 'hint' }>['kind'],
  location: bigint,
  value: bigint,
): CasemateAction => ({ name: 'hint', kind, location, value });
export const release = (page: bigint): CasemateAction => hint('release_table', page, 0n);
export const sysreg = (
  register: Extract<CasemateAction, { readonly name: 'sysreg-write' }>['sysreg'],
  value: bigint,
): CasemateAction => ({ name: 'sysreg-write', sysreg: register, value });
export const byIpa = (page: bigint): CasemateAction => ({ name: 'tlbi', operation: 'ipas2e1is', value: page });

/** Both stages off, 4K pages, 48 bits of input address. */
export const OFF: readonly CasemateAction[] = [
  sysreg('vtcr_el2', 0x10n),
  sysreg('tcr_el2', 0x10n),
  sysreg('mair_el2', 0n),
  sysreg('hcr_el2', 0n),
  sysreg('sctlr_el2', 0n),
];

/** A live table with `leaves` valid pages under one level-3 table. */
export function liveTable(leaves: number): CasemateAction[] {
  const pages = [0, 1, 2, 3].map(upperPage);
  return [
    ...OFF,
    ...pages.map(init),
    hint('set_root_lock', ROOT_ADDRESS, LOCK_ADDRESS),
    ...pages.slice(1).map((page) => hint('set_owner_root', page, ROOT_ADDRESS)),
    ...[0, 1, 2].map((level) => write(upperPage(level), upperPage(level + 1) | 3n)),
    ...Array.from({ length: leaves }, (_, page) => write(LEVEL_3 + BigInt(8 * page), PAGE + BigInt(page) * 0x1000n)),
    sysreg('vttbr_el2', ROOT_ADDRESS),
    sysreg('hcr_el2', 1n),
  ];
}

/**
 * Judges actions as a trace.
 *
 * @param tids - the CPUs of single actions, by their place; 0 is the CPU of all others
 */
export function judgeActions(
  actions: readonly CasemateAction[],
  tids: Readonly<Record<number, number>> = {},
): Judgement {
  return judgeTrace(actions.map((action, id): CasemateRecord => ({ ...action, tid: tids[id] ?? 0, src: 'f:t.c:1' })));
}

/** What is said of actions, without the record: `accepted`, or why not. */
export function verdictOn(actions: readonly CasemateAction[], tids?: Readonly<Record<number, number>>): string {
  const found = judgeActions(actions, tids);
  if (found.verdict === 'accepted') return 'accepted';
  return found.verdict === 'rejected' ? found.reason : `out of reach: ${found.why}`;
}

/** The same of what is done to a live table of two leaves; its CPUs are counted from the first of them. */
export function verdictOnTable(
  actions: readonly CasemateAction[],
  tids: Readonly<Record<number, number>> = {},
  leaves = 2,
): string {
  const table = liveTable(leaves);
  const shifted = Object.entries(tids).map(([at, tid]) => [table.length + Number(at), tid] as const);
  return verdictOn([...table, ...actions], Object.fromEntries(shifted));
}
