/**
 * What time went into, by cost of the profile.
 *
 * Waiting for the lock, or for a host page that another vCPU makes, is no cost: meanwhile somebody else spends. An
 * access of a guest is charged to `guestAccess` with what it takes where one vCPU runs alone, and to `memoryService`
 * with what the company of others adds.
 */
import type { Costs } from './costs.ts';
import type { AnyCostName } from './profile.ts';
import { ALL_COST_NAMES } from './profile.ts';

/** Nanoseconds by cost, in the order of {@link ALL_COST_NAMES}. */
export type Charges = Float64Array;

/** Where a cost stands in {@link Charges}. */
export function placeOf(cost: AnyCostName): number {
  return ALL_COST_NAMES.indexOf(cost);
}

const GUEST_ACCESS = placeOf('guestAccess');
const MEMORY_SERVICE = placeOf('memoryService');
const FAR_MEMORY = placeOf('farMemory');
const GUEST_WALK_READ = placeOf('guestWalkRead');
const GUEST_WALK_LINE = placeOf('guestWalkLine');
/** What an access is charged to where it has no company. */
const ACCESS_COSTS = [GUEST_ACCESS, FAR_MEMORY, GUEST_WALK_READ, GUEST_WALK_LINE];

/** Nothing charged yet. */
export function noCharges(): Charges {
  return new Float64Array(ALL_COST_NAMES.length);
}

/** Charges time to a cost. */
export function charge(charges: Charges, cost: number, ns: number): void {
  charges[cost] = (charges[cost] ?? 0) + ns;
}

/** Adds charges to others, so many times. */
export function addCharges(charges: Charges, others: Charges, times = 1): void {
  for (let cost = 0; cost < charges.length; cost++) charges[cost] = (charges[cost] ?? 0) + times * (others[cost] ?? 0);
}

/** What accesses take one after the other, and of that what far memory and the walks of the hardware do. */
export interface AccessNs {
  readonly aloneNs: number;
  readonly farNs: number;
  readonly walkReadsNs: number;
  readonly walkLinesNs: number;
}

/** Charges accesses of guests: what they took together, and what they would have taken one after the other. */
export function chargeAccesses(charges: Charges, tookNs: number, accesses: AccessNs): void {
  const { aloneNs, farNs, walkReadsNs, walkLinesNs } = accesses;
  const latencyNs = Math.min(aloneNs, tookNs);
  charge(charges, GUEST_ACCESS, latencyNs - farNs - walkReadsNs - walkLinesNs);
  charge(charges, FAR_MEMORY, farNs);
  charge(charges, GUEST_WALK_READ, walkReadsNs);
  charge(charges, GUEST_WALK_LINE, walkLinesNs);
  charge(charges, MEMORY_SERVICE, tookNs - latencyNs);
}

/**
 * Charges accesses to come, of which it is known what they take one after the other: with what company adds to them it has
 * added to those that are charged already, since most of the time others fault.
 */
export function chargeAsBefore(charges: Charges, accesses: AccessNs): void {
  const chargedNs = ACCESS_COSTS.reduce((sum, cost) => sum + (charges[cost] ?? 0), 0);
  const addedNs = charges[MEMORY_SERVICE] ?? 0;
  chargeAccesses(charges, accesses.aloneNs * (1 + addedNs / Math.max(1, chargedNs)), accesses);
}

/** Costs in the order of charges. What is left out costs nothing there: what is charged instead, `costInstead` says. */
export function costList(costs: Costs): Float64Array {
  return Float64Array.from(ALL_COST_NAMES, (name) => costs[name] ?? 0);
}

/** Charges by the names of their costs. */
export function chargesByName(charges: Charges): Readonly<Record<AnyCostName, number>> {
  return Object.fromEntries(ALL_COST_NAMES.map((name, index) => [name, charges[index] ?? 0])) as Record<
    AnyCostName,
    number
  >;
}
