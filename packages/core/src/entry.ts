/** What the visitors of every walker are handed, and what they answer. */
import type { Ipa } from './stage2/geometry.ts';

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
}

/** A visitor's result: a negative errno ends the walk; 0 or nothing goes on. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a visitor with nothing to say returns nothing
export type VisitResult = number | void;
