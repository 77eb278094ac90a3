/** What the table says about each guest page, read by software: for rules that compare before and after. */
import type { Stage2Table } from '@s2bench/core/stage2';
import {
  ACCESS_FLAG,
  findEntry,
  isCacheable,
  levelOfEntry,
  outputAddress,
  S2AP_READ,
  S2AP_WRITE,
  VALID,
  XN_HIGH,
} from '@s2bench/core/stage2';
import type { Memslot } from '@s2bench/kernel';
import { PAGE_BYTES } from '../world.ts';

/** The translation of one guest page. */
export interface Translation {
  readonly level: number;
  readonly pa: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** Normal write-back memory with the access flag set. */
  readonly plain: boolean;
}

/** The translations of all guest pages, `undefined` where there is none. */
export function translationsOf(table: Stage2Table): (Translation | undefined)[] {
  const translations: (Translation | undefined)[] = [];
  for (let ipa = 0; ipa < table.geometry.ipaLimit; ipa += PAGE_BYTES) translations.push(translationAt(table, ipa));
  return translations;
}

function translationAt(table: Stage2Table, ipa: number): Translation | undefined {
  const entry = findEntry(table, ipa);
  if (entry === undefined) return undefined;
  const low = table.low(entry);
  if ((low & VALID) === 0) return undefined;
  const high = table.high(entry);
  const level = levelOfEntry(table, entry);
  const granule = table.geometry.granuleBytes[level as 0 | 1 | 2 | 3];
  return {
    level,
    pa: outputAddress(low, high, table.geometry) + (ipa % granule),
    read: (low & S2AP_READ) !== 0,
    write: (low & S2AP_WRITE) !== 0,
    execute: (high & XN_HIGH) === 0,
    plain: isCacheable(low, table.fwb) && (low & ACCESS_FLAG) !== 0,
  };
}

/** Whether two translations are the same in all that the guest can notice. */
export function sameTranslation(a: Translation | undefined, b: Translation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.pa === b.pa &&
    a.read === b.read &&
    a.write === b.write &&
    a.execute === b.execute &&
    a.plain === b.plain &&
    a.level === b.level
  );
}

/** A page of the host behind a guest page. */
export interface HostPage {
  readonly pa: number;
  readonly writable: boolean;
}

/** What the host maps at each guest page; `undefined` outside of the slot and where nothing was touched. */
export function hostPagesOf(slot: Memslot, guestPages: number): (HostPage | undefined)[] {
  return Array.from({ length: guestPages }, (_, page) => {
    const ipa = page * PAGE_BYTES;
    if (!slot.contains(ipa)) return undefined;
    const offset = slot.backingOffsetOf(ipa);
    if (slot.backing.actionFor(offset, false) === 'populate') return undefined;
    return { pa: slot.backing.physAddressOf(offset), writable: slot.backing.isWritable(offset) };
  });
}
