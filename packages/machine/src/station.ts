/**
 * A part of the machine that all cores share and that serves one after the other: what carries TLBI broadcasts (DVM), the line
 * of a lock's counter, memory. Who comes while others are served waits.
 *
 * Sections that share mmu_lock run ahead of everybody else's clock, so that one which runs later may come earlier. Whoever has
 * been served stays so, and it takes what time the others have left free from its arrival on, in pieces where it must. So the
 * station does as much in a time as if it had served all in the order in which they came, and only who waited differs.
 */

const FIRST_ROOM = 16;

/** When a station is busy, as spans that do not touch, in order. */
export class Station {
  #begins = new Float64Array(FIRST_ROOM);
  #ends = new Float64Array(FIRST_ROOM);
  #count = 0;

  /**
   * Serves one.
   *
   * @returns when that is done
   */
  serve(arrivalNs: number, serviceNs: number): number {
    const ends = this.#ends;
    // Nearly all come last, or among the last.
    let first = this.#count;
    while (first > 0 && (ends[first - 1] ?? 0) >= arrivalNs) first--;
    let next = first;
    let beginNs = arrivalNs;
    let atNs = arrivalNs;
    if (next < this.#count && (this.#begins[next] ?? 0) <= arrivalNs) {
      beginNs = this.#begins[next] ?? 0;
      atNs = ends[next++] ?? 0;
    }
    let leftNs = serviceNs;
    while (next < this.#count) {
      const freeNs = (this.#begins[next] ?? 0) - atNs;
      if (freeNs >= leftNs) break;
      leftNs -= freeNs;
      atNs = ends[next++] ?? 0;
    }
    const doneNs = atNs + leftNs;
    const isTouched = next < this.#count && (this.#begins[next] ?? 0) <= doneNs;
    const endNs = isTouched ? (ends[next++] ?? 0) : doneNs;
    this.#replace(first, next, beginNs, endNs);
    return doneNs;
  }

  /** Forgets what is over at a time before which nobody comes any more. */
  forget(nowNs: number): void {
    let over = 0;
    while (over < this.#count && (this.#ends[over] ?? 0) < nowNs) over++;
    if (over === 0) return;
    this.#begins.copyWithin(0, over, this.#count);
    this.#ends.copyWithin(0, over, this.#count);
    this.#count -= over;
  }

  /** Puts one span in the place of those from `first` to before `next`. */
  #replace(first: number, next: number, beginNs: number, endNs: number): void {
    if (first === next) {
      if (this.#count === this.#begins.length) this.#grow();
      this.#begins.copyWithin(first + 1, first, this.#count);
      this.#ends.copyWithin(first + 1, first, this.#count);
      this.#count++;
    } else {
      this.#begins.copyWithin(first + 1, next, this.#count);
      this.#ends.copyWithin(first + 1, next, this.#count);
      this.#count -= next - first - 1;
    }
    this.#begins[first] = beginNs;
    this.#ends[first] = endNs;
  }

  #grow(): void {
    const [begins, ends] = [this.#begins, this.#ends];
    this.#begins = new Float64Array(2 * begins.length);
    this.#ends = new Float64Array(2 * ends.length);
    this.#begins.set(begins);
    this.#ends.set(ends);
  }
}
