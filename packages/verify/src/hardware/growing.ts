/** A growing list of small numbers, read in the inner loop. */
export class Numbers {
  #values = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The number at an index below {@link length}. */
  at(index: number): number {
    return this.#values[index] as number;
  }

  push(value: number): number {
    if (this.#length === this.#values.length) {
      const values = new Int32Array(2 * this.#length);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#length] = value;
    return this.#length++;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}
