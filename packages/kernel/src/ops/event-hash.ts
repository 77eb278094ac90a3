/** FNV-1a, 32 bits, over the text of events, without making the text. */

/** The hash of nothing. Signed, so that V8 keeps every hash in a small integer. */
export const EMPTY_HASH = 0x811c9dc5 | 0;

const PRIME = 0x01000193;
const BLANK = 32;
const ZERO = 48;
const X = 120;
/** What is added to 10…15 for a…f. */
const LETTER = 97 - 10;

/** The hash with one more character. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, PRIME);
}

/** The hash with " 0x" and the hexadecimal digits of an integer below 2^64. */
export function hashHex(hash: number, value: number): number {
  const prefixed = hashByte(hashByte(hashByte(hash, BLANK), ZERO), X);
  const high = Math.floor(value / 2 ** 32) | 0;
  const low = value | 0;
  if (high === 0) return hashDigits(prefixed, low, low === 0 ? 0 : 28 - (Math.clz32(low) & ~3));
  return hashDigits(hashDigits(prefixed, high, 28 - (Math.clz32(high) & ~3)), low, 28);
}

function hashDigits(hash: number, word: number, firstShift: number): number {
  let result = hash;
  for (let shift = firstShift; shift >= 0; shift -= 4) {
    const digit = (word >>> shift) & 0xf;
    result = hashByte(result, digit + (digit < 10 ? ZERO : LETTER));
  }
  return result;
}

/** The hash with a blank and the decimal digits of an integer below 2^31. */
export function hashDecimal(hash: number, value: number): number {
  let result = hashByte(hash, BLANK);
  let divisor = 1;
  while (value >= divisor * 10) divisor *= 10;
  for (; divisor >= 1; divisor /= 10) result = hashByte(result, ZERO + (Math.floor(value / divisor) % 10));
  return result;
}

/** A hash as the vectors write it: 8 hexadecimal digits. */
export function hashText(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
