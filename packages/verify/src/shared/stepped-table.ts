/**
 * A table without contents: each access is announced to a stepper, which says what it finds.
 *
 * Slots and serials are one: a table page is named by its place.
 */
import type { EntryId } from '@s2bench/core';
import type { Geometry, LeafWords, Stage2Options } from '@s2bench/core/stage2';
import { alignDown, childSerial, LOCKED, Stage2Table, TableArena, tableHigh, tableLow } from '@s2bench/core/stage2';
import { VALID } from '@s2bench/core/stage2';
import { VerifyError } from '../errors.ts';
import type { Stepper } from './stepper.ts';

/** Knows of table pages what a stepper says. */
class SteppedArena extends TableArena {
  readonly #stepper: Stepper;

  constructor(geometry: Geometry, stepper: Stepper) {
    super(geometry);
    this.#stepper = stepper;
  }

  override slotOfSerial(serial: number): number {
    return serial;
  }

  override serialOf(slot: number): number {
    return slot;
  }

  override levelOf(slot: number): number {
    return this.#stepper.step({ do: 'page', slot })[0];
  }

  override baseOf(slot: number): number {
    return this.#stepper.step({ do: 'page', slot })[1];
  }
}

/** A table whose every access is a step. */
export class SteppedTable extends Stage2Table {
  override readonly arena: SteppedArena;
  readonly #stepper: Stepper;
  /** The entry that was read last, and what it held: a descriptor is read as one. */
  #entry = -1;
  #low = 0;
  #high = 0;

  constructor(options: Stage2Options, stepper: Stepper) {
    super(options);
    this.#stepper = stepper;
    this.arena = new SteppedArena(options.geometry, stepper);
  }

  override get isBare(): boolean {
    return false;
  }

  override low(entry: number): number {
    const [low, high] = this.#stepper.step({ do: 'read', entry });
    this.#entry = entry;
    this.#high = high;
    return (this.#low = low | 0);
  }

  override high(entry: number): number {
    if (entry !== this.#entry) this.low(entry);
    return this.#high;
  }

  override childOf(entry: number): number {
    if (entry !== this.#entry) this.low(entry);
    return this.childIn(this.#low, this.#high);
  }

  override childIn(low: number, high: number): number {
    return childSerial(low, high, this.geometry);
  }

  override invalidate(entry: EntryId): void {
    this.#store(entry, 0, 0, false);
  }

  override lock(entry: EntryId): void {
    this.#store(entry, LOCKED, 0, false);
  }

  override tryLock(entry: EntryId, old: LeafWords): boolean {
    return this.#exchange(entry, old, { low: LOCKED, high: 0 });
  }

  override tryChange(entry: EntryId, old: LeafWords, changed: LeafWords): boolean {
    return this.#exchange(entry, old, changed);
  }

  override installLeaf(entry: EntryId, _address: number, level: number, low: number, high: number): void {
    this.#store(entry, low | VALID | (level === 3 ? 2 : 0), high, true);
  }

  override installTable(entry: EntryId, _address: number, _level: number, child: number): void {
    this.#store(entry, tableLow(child, this.geometry), tableHigh(child, this.geometry), true);
  }

  override store(entry: EntryId, low: number, high: number): void {
    this.#store(entry, low, high, false);
  }

  override storeLow(entry: EntryId, low: number): void {
    this.#stepper.step({ do: 'store-low', entry, low });
  }

  override buildLeaves(): void {
    throw new VerifyError('eager splits are not explored yet');
  }

  override buildTable(): void {
    throw new VerifyError('eager splits are not explored yet');
  }

  override allocateChild(address: number, level: number): number {
    const base = alignDown(address, this.geometry.granuleBytes[level as 0 | 1 | 2 | 3]);
    return this.#stepper.step({ do: 'alloc', level: level + 1, base })[0];
  }

  override freeTable(slot: number): void {
    this.#stepper.step({ do: 'free', slot });
  }

  override take(slot: number): void {
    this.takeMany(slot, 1);
  }

  override takeMany(slot: number, count: number): void {
    this.#stepper.step({ do: 'get', slot, count });
  }

  override drop(slot: number, count: number): void {
    this.#stepper.step({ do: 'put', slot, count });
  }

  override validCount(slot: number): number {
    return this.#stepper.step({ do: 'valid', slot })[0];
  }

  override countValid(first: EntryId, count: number): number {
    let valid = 0;
    for (let entry = first; entry < first + count; entry++) valid += this.low(entry) & VALID;
    return valid;
  }

  override references(slot: number): number {
    return this.#stepper.step({ do: 'references', slot })[0];
  }

  #store(entry: EntryId, low: number, high: number, releases: boolean): void {
    this.#stepper.step({ do: 'store', entry, low: low >>> 0, high: high >>> 0, releases });
  }

  #exchange(entry: EntryId, old: LeafWords, { low, high }: LeafWords): boolean {
    const words = { oldLow: old.low >>> 0, oldHigh: old.high >>> 0, low: low >>> 0, high: high >>> 0 };
    return this.#stepper.step({ do: 'exchange', entry, ...words })[0] === 1;
  }
}
