/**
 * The one place where an index into a typed array goes unchecked.
 *
 * `noUncheckedIndexedAccess` makes every `array[i]` a `number | undefined`. The walker has computed its
 * indices from the geometry, so the check would only cost time; V8 inlines these functions.
 *
 * There is one function per kind of array, not one for all: V8 keeps what it learns about an access with the function
 * that makes it, and an access that has seen four kinds of arrays is several times slower.
 *
 * In each of them `index` is an integer in `[0, array.length)`; outside of it the result is `undefined` at run time.
 */

/** The element at an index that the caller has shown to be in range. */
export function uint32At(array: Uint32Array, index: number): number {
  return array[index] as number;
}

/** As {@link uint32At}. */
export function int32At(array: Int32Array, index: number): number {
  return array[index] as number;
}

/** As {@link uint32At}. */
export function uint8At(array: Uint8Array, index: number): number {
  return array[index] as number;
}

/** As {@link uint32At}. */
export function float64At(array: Float64Array, index: number): number {
  return array[index] as number;
}
