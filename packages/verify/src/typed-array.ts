/** The one place of this package where an index into a typed array goes unchecked, as in the core. */

/** The element at an index that the caller has shown to be in range. */
export function uint32At(array: Uint32Array, index: number): number {
  return array[index] as number;
}

/** As {@link uint32At}. */
export function int32At(array: Int32Array, index: number): number {
  return array[index] as number;
}
