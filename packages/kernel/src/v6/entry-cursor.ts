/** The entry that a visitor of the walker of v6.2 sees. */
import type { V6Entry } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { EntryCursor } from '../v5/entry-cursor.ts';
import type { OldDescriptor } from './walker.ts';

/** One object for all entries of a walk, with what the walker read. */
export class V6EntryCursor extends EntryCursor implements V6Entry {
  readonly old: OldDescriptor;

  constructor(table: Stage2Table, old: OldDescriptor) {
    super(table);
    this.old = old;
    if (new.target === V6EntryCursor) Object.preventExtensions(this);
  }
}
