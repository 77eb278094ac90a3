/** The schema of `s2bench.config.ts` and `s2bench.config.json`. */
import { comparisonSchema } from '@s2bench/report/schema';
import * as z from 'zod';
import { LIST_KEYS, type ListKey, splitListOf } from '../options/run-flags.ts';

const scalar = z.union([z.string(), z.number()], { error: 'must be a text or a number' });

/** One value, a comma-separated text, or an array, as on the command line. */
const listOf = (key: ListKey) =>
  z
    .union([scalar, z.array(scalar).min(1)], { error: 'must be a value or a list of values' })
    .transform((value) => (Array.isArray(value) ? value.map(String) : splitListOf(key, String(value))));

const lists = Object.fromEntries(LIST_KEYS.map((key) => [key, listOf(key).optional()])) as Record<
  ListKey,
  z.ZodOptional<ReturnType<typeof listOf>>
>;

const presetSchema = z.strictObject({
  ...lists,
  title: z.string().min(1).optional(),
  summary: z.string().min(1).optional(),
  exact: z.boolean().optional(),
  verify: z.boolean().optional(),
  comparisons: z.array(comparisonSchema).optional(),
});

const presetName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a preset's name must be lower-case words joined by hyphens");

/** A config file: the keys of `s2bench run`, presets of one's own, and where more strategies are. */
export const configSchema = z.strictObject({
  ...lists,
  preset: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
  jobs: z.number().int().positive().optional(),
  cellTimeout: z.number().positive().optional(),
  exact: z.boolean().optional(),
  verify: z.boolean().optional(),
  presets: z.record(presetName, presetSchema).optional(),
  strategies: z.array(z.string().min(1)).optional(),
});

/** What a config file may hold. */
export type Config = z.input<typeof configSchema>;
/** A config file as it was read. */
export type ParsedConfig = z.output<typeof configSchema>;
