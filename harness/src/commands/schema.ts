/** `s2bench schema`: the JSON schemas of what s2bench reads and writes. */
import { profileSchema } from '@s2bench/machine';
import {
  comparisonDocumentSchema,
  historyRowSchema,
  rankingSchema,
  resultDocumentSchema,
  wallTimeSchema,
} from '@s2bench/report';
import { traceDocumentSchema } from '@s2bench/report/trace';
import { calibrationPlanSchema, ownFiguresSchema } from '@s2bench/studies';
import { casemateIndexSchema, counterexampleSchema, verifyDocumentSchema, worldSchema } from '@s2bench/verify';
import { z } from 'zod';
import { EXIT } from '../cli/errors.ts';
import { print, printJson } from '../cli/terminal.ts';
import { configSchema } from '../options/config.ts';
import { parseChoice } from '../options/values.ts';

/** The schemas by name, and where their documents come from or go to. */
export const SCHEMAS = {
  result: { schema: resultDocumentSchema, what: 's2bench run --json, and results.json of a report' },
  verify: { schema: verifyDocumentSchema, what: 's2bench verify --json' },
  counterexample: { schema: counterexampleSchema, what: 'a counterexample, for s2bench verify --replay' },
  comparison: { schema: comparisonDocumentSchema, what: 's2bench compare --json' },
  ranking: { schema: rankingSchema, what: 's2bench rank --json' },
  history: { schema: historyRowSchema, what: 'a line of history.ndjson of a report' },
  bench: { schema: wallTimeSchema, what: 's2bench bench --save' },
  casemate: { schema: casemateIndexSchema, what: 'index.json of s2bench verify --export-casemate' },
  trace: { schema: traceDocumentSchema, what: 's2bench run --trace FILE.json' },
  profile: { schema: profileSchema, what: 'a machine profile, for --profile' },
  figures: { schema: ownFiguresSchema, what: 'figures of a machine, for s2bench calibrate --figures' },
  plan: { schema: calibrationPlanSchema, what: 'which costs are fitted to figures, for s2bench calibrate --plan' },
  world: { schema: worldSchema, what: 'a world, for s2bench verify --world' },
  config: { schema: configSchema, what: 's2bench.config.json' },
} as const satisfies Record<string, { readonly schema: z.ZodType; readonly what: string }>;

/** Name of a schema. */
export type SchemaName = keyof typeof SCHEMAS;

/** The JSON schema (draft 2020-12) of documents as they are written. What zod checks in code it cannot say. */
export function jsonSchemaOf(name: SchemaName): object {
  return z.toJSONSchema(SCHEMAS[name].schema, { io: 'input', unrepresentable: 'any' });
}

/** Prints a schema, or with no name what there is; the value is the exit code. */
export function schema(name: string | undefined): number {
  const names = Object.keys(SCHEMAS) as SchemaName[];
  if (name !== undefined) printJson(jsonSchemaOf(parseChoice(name, 'schema', 'schema', names)));
  else {
    const width = Math.max(...names.map((one) => one.length));
    print(names.map((one) => `${one.padEnd(width)}  ${SCHEMAS[one].what}\n`).join(''));
  }
  return EXIT.ok;
}
