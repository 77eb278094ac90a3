/** The records of a Casemate trace. Their ids count from 0, so a record's place in a list is its id. */

/** Which DSB. */
export const DSB_KINDS = ['ish', 'ishst', 'nsh', 'sy'] as const;
/** How a descriptor is stored. */
export const MEM_ORDERS = ['plain', 'release'] as const;
/** TLBIs of everything that a regime or a VMID has. */
export const TLBIS_OF_ALL = [
  'vmalls12e1is',
  'vmalls12e1',
  'vmalle1is',
  'vmalle1',
  'alle1is',
  'alle1',
  'alle2is',
  'alle2',
] as const;
/** TLBIs by address: their value is the address without its low twelve bits. */
export const TLBIS_BY_ADDRESS = ['ipas2e1is', 'vae2is', 'vale2is'] as const;
/** Any of them. */
export type TlbiOperation = (typeof TLBIS_OF_ALL)[number] | (typeof TLBIS_BY_ADDRESS)[number];
/** System registers that a trace may write. */
export const SYSREGS = ['vtcr_el2', 'tcr_el2', 'mair_el2', 'hcr_el2', 'sctlr_el2', 'vttbr_el2', 'ttbr0_el2'] as const;
/** What a trace may say of a table page beyond what hardware sees. */
export const HINTS = ['set_root_lock', 'set_owner_root', 'release_table', 'set_pte_thread_owner'] as const;

/** What a record says. Addresses, sizes and values are in bytes. */
export type CasemateAction =
  /** Zeroed memory that may hold descriptors; freed: it must no longer be part of a table. */
  | { readonly name: 'mem-init' | 'mem-free'; readonly address: bigint; readonly size: bigint }
  | {
      readonly name: 'mem-write';
      readonly order: (typeof MEM_ORDERS)[number];
      readonly address: bigint;
      readonly value: bigint;
    }
  | { readonly name: 'mem-read'; readonly address: bigint; readonly value: bigint }
  | { readonly name: 'mem-set'; readonly address: bigint; readonly size: bigint; readonly value: bigint }
  | { readonly name: 'barrier'; readonly barrier: 'dsb'; readonly kind: (typeof DSB_KINDS)[number] }
  | { readonly name: 'barrier'; readonly barrier: 'isb' }
  | { readonly name: 'tlbi'; readonly operation: (typeof TLBIS_OF_ALL)[number] }
  | { readonly name: 'tlbi'; readonly operation: (typeof TLBIS_BY_ADDRESS)[number]; readonly value: bigint }
  | { readonly name: 'sysreg-write'; readonly sysreg: (typeof SYSREGS)[number]; readonly value: bigint }
  | { readonly name: 'hint'; readonly kind: (typeof HINTS)[number]; readonly location: bigint; readonly value: bigint }
  | { readonly name: 'lock' | 'trylock' | 'unlock'; readonly address: bigint };

/** One record. */
export type CasemateRecord = CasemateAction & {
  /** The CPU. */
  readonly tid: number;
  /** Where it comes from, for a reader: function, file and line with colons between them. */
  readonly src: string;
};

/** What a source may be: Casemate reads none without a colon, and no quote, backslash or line end fits into one. */
export const SRC = /^[^:"\\\n\r]*:[^"\\\n\r]*$/;
