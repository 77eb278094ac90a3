/** Words as a text that nobody reads: a key that is made in one go, where digits would take twenty times as long. */

/** Units of the text that is being made; only one is at a time. */
const units: number[] = [];

/** A text of words, two units each. */
export class WordText {
  constructor() {
    units.length = 0;
  }

  add(word: number): void {
    units.push(word & 0xffff, word >>> 16);
  }

  toString(): string {
    return String.fromCharCode(...units);
  }
}
