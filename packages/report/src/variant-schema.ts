/** The two sides of a patch series, as a part of the schema of a result. */
import * as z from 'zod';

/** The two sides of a patch series, in the order in which tables show them. */
export const VARIANT_NAMES = ['before', 'after'] as const;
/** A side of a patch series. */
export type VariantName = (typeof VARIANT_NAMES)[number];

/** What a report says of a side of a patch series. */
export const variantNoteSchema = z.object({
  name: z.enum(VARIANT_NAMES),
  standsFor: z.string().min(1).describe('the code of the series that it is a model of, and what is not the same'),
});
