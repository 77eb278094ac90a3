/** The entry that a visitor of the walker of v6.2 sees. */
import type { ReadDescriptor, V6Entry } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { EntryCursor } from '../v5/entry-cursor.ts';

/** What the walker read, to be looked at: a visitor can neither change it nor keep anything on it. */
class ReadOnly implements ReadDescriptor {
  readonly #read: ReadDescriptor;

  constructor(read: ReadDescriptor) {
    this.#read = read;
    Object.freeze(this);
  }

  get valid(): boolean {
    return this.#read.valid;
  }

  get isTable(): boolean {
    return this.#read.isTable;
  }

  get isLocked(): boolean {
    return this.#read.isLocked;
  }

  get isCounted(): boolean {
    return this.#read.isCounted;
  }
}

/** One object for all entries of a walk, with what the walker read. */
export class V6EntryCursor extends EntryCursor implements V6Entry {
  readonly #old: ReadDescriptor;

  constructor(table: Stage2Table, old: ReadDescriptor) {
    super(table);
    this.#old = new ReadOnly(old);
    if (new.target === V6EntryCursor) Object.preventExtensions(this);
  }

  get old(): ReadDescriptor {
    return this.#old;
  }
}
