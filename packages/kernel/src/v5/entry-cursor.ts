/** The entry that a strategy's visitor sees. */
import type { EntryId, Stage2Entry } from '@s2bench/core';
import { NO_ENTRY } from '@s2bench/core';
import type { Ipa, Level, Pa, Stage2Table } from '@s2bench/core/stage2';
import { outputAddress, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core/stage2';

/** One object for all entries of a walk, moved from one to the next. */
export class EntryCursor implements Stage2Entry {
  id: EntryId = NO_ENTRY;
  level = 0;
  /** The address, for our own code: to read it here is no question. */
  at: Ipa = 0;
  /** A visitor has asked for the address: of two neighbouring pages it may treat one otherwise. Whoever cares resets it. */
  wasAskedWhere = false;
  readonly #table: Stage2Table;

  constructor(table: Stage2Table) {
    this.#table = table;
    // A strategy that keeps something here would find it at the next entry, and in the next map.
    if (new.target === EntryCursor) Object.preventExtensions(this);
  }

  get address(): Ipa {
    this.wasAskedWhere = true;
    return this.at;
  }

  get sizeBytes(): number {
    return this.#table.geometry.granuleBytes[this.level as Level];
  }

  get valid(): boolean {
    return (this.#table.low(this.id) & VALID) !== 0;
  }

  get outputAddress(): Pa {
    return outputAddress(this.#table.low(this.id), this.#table.high(this.id), this.#table.geometry);
  }

  get writable(): boolean {
    return (this.#table.low(this.id) & S2AP_WRITE) !== 0;
  }

  get executable(): boolean {
    return (this.#table.high(this.id) & XN_HIGH) === 0;
  }

  moveTo(id: EntryId, address: Ipa, level: number): this {
    this.id = id;
    this.at = address;
    this.level = level;
    return this;
  }
}
