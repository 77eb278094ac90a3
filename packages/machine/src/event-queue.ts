/** Whose event is due next: vCPUs in two heaps, so that finding it takes no look at all of them. */
import type { ActorState } from './actor.ts';

/** What is known of a vCPU here. */
export interface Scheduled {
  /** 0 and up; of two events at one time that of the smaller number comes first. */
  readonly id: number;
  readonly state: ActorState;
  /** Where the common count stands when its loop stops; of meaning in the state `guest`. */
  readonly stopAt: number;
  /** When it is due in any other state; Infinity where it waits for somebody. */
  readonly readyNs: number;
}

/** Heap indices of vCPUs that are in none. */
const NOWHERE = -1;

/** A heap of vCPUs by a number, and by their own where that is equal. A vCPU is moved when its number has changed. */
class VcpuHeap<T extends Scheduled> {
  readonly #items: T[] = [];
  /** Numbers by which the items stand where they stand. */
  readonly #keys: Float64Array;
  /** Where a vCPU stands, by its id. */
  readonly #places: Int32Array;

  constructor(vcpus: number) {
    this.#keys = new Float64Array(vcpus);
    this.#places = new Int32Array(vcpus).fill(NOWHERE);
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  /** Puts a vCPU in, or where it now belongs. */
  put(item: T, key: number): void {
    this.#keys[item.id] = key;
    let place = this.#places[item.id] ?? NOWHERE;
    if (place === NOWHERE) {
      place = this.#items.length;
      this.#items.push(item);
      this.#places[item.id] = place;
    }
    this.#sink(this.#rise(place));
  }

  remove(item: T): void {
    const place = this.#places[item.id] ?? NOWHERE;
    if (place === NOWHERE) return;
    this.#places[item.id] = NOWHERE;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#set(place, last);
    this.#sink(this.#rise(place));
  }

  /** The vCPU of the smallest id among those that a test holds of. It holds of all before one of which it holds. */
  smallestWhere(holds: (item: T) => boolean, place = 0): T | undefined {
    const item = this.#items[place];
    if (item === undefined || !holds(item)) return undefined;
    let smallest = item;
    for (let child = 2 * place + 1; child <= 2 * place + 2; child++) {
      const below = this.smallestWhere(holds, child);
      if (below !== undefined && below.id < smallest.id) smallest = below;
    }
    return smallest;
  }

  #rise(from: number): number {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isBefore(place, above)) break;
      this.#swap(place, above);
      place = above;
    }
    return place;
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#items.length) return;
      const least = left + 1 < this.#items.length && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(least, place)) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#idAt(one), this.#idAt(other)];
    const difference = (this.#keys[a] ?? 0) - (this.#keys[b] ?? 0);
    return difference < 0 || (difference === 0 && a < b);
  }

  #idAt(place: number): number {
    return this.#items[place]?.id ?? NOWHERE;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#items[one], this.#items[other]];
    if (a === undefined || b === undefined) return;
    this.#set(one, b);
    this.#set(other, a);
  }

  #set(place: number, item: T): void {
    this.#items[place] = item;
    this.#places[item.id] = place;
  }
}

/**
 * The vCPUs that something is due for. Those that run share one rate, so that whoever stops at the lowest count stops
 * first, whatever the rate is: they need not be moved when it changes.
 */
export class EventQueue<T extends Scheduled> {
  readonly #guests: VcpuHeap<T>;
  readonly #others: VcpuHeap<T>;

  constructor(vcpus: number) {
    this.#guests = new VcpuHeap(vcpus);
    this.#others = new VcpuHeap(vcpus);
  }

  /** Takes in that a vCPU's state has changed, or when it is due. */
  changed(vcpu: T): void {
    if (vcpu.state === 'guest') {
      this.#others.remove(vcpu);
      this.#guests.put(vcpu, vcpu.stopAt);
      return;
    }
    this.#guests.remove(vcpu);
    if (vcpu.readyNs < Infinity) this.#others.put(vcpu, vcpu.readyNs);
    else this.#others.remove(vcpu);
  }

  /**
   * The vCPU whose event is the earliest, of several at one time that of the smallest id.
   *
   * @param timeAt - when the common count stands at a number; it never falls as that rises
   */
  next(timeAt: (count: number) => number): T | undefined {
    const guest = this.#guests.first;
    const other = this.#others.first;
    if (guest === undefined) return other;
    const guestNs = timeAt(guest.stopAt);
    if (other !== undefined && other.readyNs < guestNs) return other;
    // Counts that differ may be of one time: of those that have passed, and where the clock can tell no more.
    const first = this.#guests.smallestWhere((vcpu) => timeAt(vcpu.stopAt) === guestNs) ?? guest;
    return other !== undefined && other.readyNs === guestNs && other.id < first.id ? other : first;
  }
}
