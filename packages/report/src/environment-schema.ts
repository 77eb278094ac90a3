/** Where a result was made, as a part of its schema. */
import * as z from 'zod';

/** The machine and the code of a run. */
export const environmentSchema = z.object({
  argv: z.array(z.string()).describe('the command line after the name of the program'),
  node: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: z.number().int().nonnegative(),
  commit: z.string().optional().describe('the revision that was checked out where it was run'),
  isDirty: z.boolean().optional().describe('whether files differed from that revision'),
});
/** The machine and the code of a run. */
export type Environment = z.infer<typeof environmentSchema>;
