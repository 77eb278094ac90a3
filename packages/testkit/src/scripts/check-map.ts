/**
 * Whether a map has done what it was asked for, whatever leaves it has made of it: the rules *mapping* and *progress*
 * of `@s2bench/verify`, at the real number of entries.
 */
import { EAGAIN, ENOMEM, OK } from '@s2bench/core';
import type { Protection, Stage2Table } from '@s2bench/core/stage2';
import { isAligned, leafAttributes, S2AP_READ, S2AP_WRITE, XN_HIGH } from '@s2bench/core/stage2';
import type { Finding } from '../finding.ts';
import type { Leaf, TableContents } from './leaves.ts';

/** A map, as its op says it. */
export interface MapOp {
  readonly address: number;
  readonly sizeBytes: number;
  readonly phys: number;
  readonly protection: Protection;
}

/** What a map came to. */
export interface Mapped {
  readonly rc: number;
  readonly before: TableContents;
  readonly after: TableContents;
  /** Whether there were as many table pages to be had as anybody may want. */
  readonly hasMemory: boolean;
}

type Broken = Pick<Finding, 'rule' | 'message'>;

/** What is wrong after a map, if anything. */
export function checkMap(map: MapOp, { rc, before, after, hasMemory }: Mapped, table: Stage2Table): Broken | undefined {
  const inside = [...after.leaves.values()].filter((leaf) => overlaps(leaf, map));
  const astray = inside.find(({ address, physAddress }) => physAddress - address !== map.phys - map.address);
  if (astray !== undefined) return broken('mapping', `${textOf(astray)} leads elsewhere than asked for`);
  return (
    changedOutside(map, before, after) ??
    (rc === OK ? wrongInside(map, inside, table.fwb) : refused(map, rc, inside, hasMemory, table))
  );
}

function wrongInside(map: MapOp, inside: readonly Leaf[], fwb: boolean): Broken | undefined {
  const wanted = leafAttributes(map.protection, fwb);
  const other = inside.find(({ low, high }) => !sameBits(low, wanted?.low) || !sameBits(high, wanted?.high));
  if (other !== undefined)
    return broken('mapping', `${textOf(other)} has other rights or attributes than those that were asked for`);
  const missing = missingBytes(map, inside);
  return missing === 0 ? undefined : broken('mapping', `${hex(missing)} bytes of the range are not mapped`);
}

/**
 * Nobody but the guest answers EAGAIN: it faults again. So all must be there that the fault was raised for, where the
 * range is a block. Ranges of a few pages are answered by the stock leaf handler, at the first page that is there.
 */
function refused(
  map: MapOp,
  rc: number,
  inside: readonly Leaf[],
  hasMemory: boolean,
  { geometry }: Stage2Table,
): Broken | undefined {
  if (rc === ENOMEM && !hasMemory) return undefined;
  if (rc !== EAGAIN) return broken('progress', `it ends with ${rc === ENOMEM ? 'ENOMEM' : `errno ${-rc}`}`);
  const { granuleBytes, leafAllowed } = geometry;
  const isBlock = [1, 2].some((level) => {
    const bytes = granuleBytes[level as 1 | 2];
    return leafAllowed[level as 1 | 2] && map.sizeBytes === bytes && isAligned(map.address, bytes);
  });
  if (!isBlock) return undefined;
  const missing = missingBytes(map, inside);
  if (missing > 0)
    return broken('progress', `it ends with EAGAIN, and ${hex(missing)} bytes of the range stay unmapped`);
  const weak = inside.find((leaf) => !allows(leaf, map.protection));
  return weak === undefined
    ? undefined
    : broken('progress', `it ends with EAGAIN, and ${textOf(weak)} still forbids what was asked for`);
}

function allows({ low, high }: Leaf, { read, write, execute }: Protection): boolean {
  return (
    (!read || (low & S2AP_READ) !== 0) && (!write || (low & S2AP_WRITE) !== 0) && (!execute || (high & XN_HIGH) === 0)
  );
}

/** What a split block mapped beside the range may go, or stay in leaves of another size. */
function changedOutside(map: MapOp, before: TableContents, after: TableContents): Broken | undefined {
  const split = [...before.leaves.values()].filter((leaf) => overlaps(leaf, map));
  for (const [key, leaf] of after.leaves) {
    if (before.leaves.has(key) || overlaps(leaf, map)) continue;
    if (split.some((block) => isPartOf(leaf, block))) continue;
    return broken('mapping', `${textOf(leaf)} is new, and lies outside of what was mapped`);
  }
  for (const [key, leaf] of before.leaves) {
    if (after.leaves.has(key) || overlaps(leaf, map)) continue;
    return broken('mapping', `${textOf(leaf)} is gone, and lay outside of what was mapped`);
  }
  return undefined;
}

function isPartOf(leaf: Leaf, block: Leaf): boolean {
  return (
    leaf.address >= block.address &&
    leaf.address + leaf.sizeBytes <= block.address + block.sizeBytes &&
    leaf.physAddress - leaf.address === block.physAddress - block.address &&
    leaf.low === block.low &&
    leaf.high === block.high
  );
}

function missingBytes({ address, sizeBytes }: MapOp, inside: readonly Leaf[]): number {
  const covered = inside.reduce(
    (sum, leaf) => sum + Math.min(leaf.address + leaf.sizeBytes, address + sizeBytes) - Math.max(leaf.address, address),
    0,
  );
  return sizeBytes - covered;
}

function overlaps(leaf: Leaf, { address, sizeBytes }: MapOp): boolean {
  return leaf.address < address + sizeBytes && leaf.address + leaf.sizeBytes > address;
}

function sameBits(one: number, other: number | undefined): boolean {
  return other !== undefined && one >>> 0 === other >>> 0;
}

function broken(rule: string, message: string): Broken {
  return { rule, message };
}

function textOf({ address, sizeBytes }: Leaf): string {
  return `the leaf of ${hex(sizeBytes)} at ${hex(address)}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
