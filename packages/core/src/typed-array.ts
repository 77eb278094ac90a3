/**
 * The one place where an index into a typed array goes unchecked.
 *
 * `noUncheckedIndexedAccess` makes every `array[i]` a `number | undefined`. The walker has computed its
 * indices from the geometry, so the check would only cost time; V8 inlines this function.
 */

/** A typed array of 32-bit or 64-bit numbers. */
export type NumericArray = Uint8Array | Int32Array | Uint32Array | Float64Array;

/**
 * The element at an index that the caller has shown to be in range.
 *
 * @param array - the array
 * @param index - an integer in `[0, array.length)`; outside of it the result is `undefined` at run time
 */
export function at(array: NumericArray, index: number): number {
  return array[index] as number;
}
