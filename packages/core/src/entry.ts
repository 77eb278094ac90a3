/** What the visitors of every walker are handed, and what they answer. */
import type { Ipa, Pa } from './stage2/geometry.ts';

/** Identity of an entry: equal ids are the same place in the same table page. */
export type EntryId = number;
/** A table page, as a strategy is given it: it is asked for by the entry that leads to it. */
export type TableId = number;

/** No entry: what `anchor` holds outside of a coalesce. */
export const NO_ENTRY: EntryId = -1;
/** No table page: what `followed` holds until a strategy keeps one there. */
export const NO_TABLE: TableId = -1;
/**
 * A TLBI by IPA without a level hint: 0, as `__tlbi_level()` of linux v5.11 has it. Since FEAT_LPA2, whose tables have
 * leaves of level 0, releases have another number for it (TLBI_TTL_UNKNOWN, linux c910f2b65518); here it is 0 for all of
 * them, and only the events of op scripts write it as the release does.
 */
export const LEVEL_UNKNOWN = 0;

/** Where an entry is: what stays true of it once the walk has gone on. */
export type EntryPlace = Pick<Stage2Entry, 'id' | 'address' | 'level'>;

/**
 * An entry that the walk has come to. One object is reused for all entries of a walk: keep `id`, not the object.
 */
export interface Stage2Entry {
  readonly id: EntryId;
  /** The walk's address at the entry, in bytes. */
  readonly address: Ipa;
  /** 0 to 3. */
  readonly level: number;
  /** Bytes that an entry of this level covers. */
  readonly sizeBytes: number;
  /** Bit 0 of the descriptor as it stands now. */
  readonly valid: boolean;
  /** Host physical address in the descriptor as it stands now, in bytes: what a valid leaf maps. Of a table or an invalid entry it says nothing. */
  readonly outputAddress: Pa;
  /** S2AP[1] of the descriptor as it stands now: whether a valid leaf may be written. */
  readonly writable: boolean;
  /** XN clear in the descriptor as it stands now: whether a valid leaf may be executed. */
  readonly executable: boolean;
}

/**
 * A table page that a walk over tables alone has come to. One object is reused for all of them: keep `id`, not the object.
 */
export interface TablePage {
  readonly id: TableId;
  /** Of its entries: 0 to 3. */
  readonly level: number;
  /** Entries that it has room for: 512 with 4K pages. */
  readonly entries: number;
  /**
   * References on it (`mm_ops->page_count()`): one of its own, and one for each valid entry. So a page is full where there
   * are {@link entries} + 1, and nobody has to read it. The kernel keeps no other count.
   */
  readonly references: number;
}

/**
 * What `tablePre` of the walker of v5 answers where the walk is not to go below the table: it goes on beyond it, and there is
 * no `tablePost`. Not an errno. For the walker of v6.2 this is the rule where the table was replaced.
 */
export const SKIP_BELOW = 1;

/** A visitor's result: a negative errno ends the walk; 0 or nothing goes on; `SKIP_BELOW`. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a visitor with nothing to say returns nothing
export type VisitResult = number | void;
