/** Sizes as options: texts, since a query holds no numbers with units. */
import { z } from '@s2bench/core';

const SIZE = /^([1-9]\d*)([KMGT])$/i;

/**
 * An option that is a size, as `2M`, or one of some words.
 *
 * @param words - what may stand in the place of a size
 * @param fallback - what it is where it is left out
 */
export function sizeOption(words: readonly string[], fallback: string, description: string): z.ZodDefault<z.ZodString> {
  const right = ['a size, as 64K or 2M', ...words].join(' or ');
  return z
    .string()
    .refine((text) => words.includes(text) || SIZE.test(text), `must be ${right}`)
    .default(fallback)
    .describe(`${right}: ${description}`);
}

/** The bytes of a size; `undefined` where it is a word. */
export function sizeBytesOf(text: string): number | undefined {
  const [, digits = '', unit = ''] = SIZE.exec(text) ?? [];
  return digits === '' ? undefined : Number(digits) * 1024 ** ('KMGT'.indexOf(unit.toUpperCase()) + 1);
}
