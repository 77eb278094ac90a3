/** The index of an export: what Casemate must answer to each of its traces, as a document. */
import { HISTORIES } from '@s2bench/kernel';
import * as z from 'zod';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';
import { RULE_NAMES } from '../rules/rule.ts';
import { judgeTrace } from './judge.ts';
import { LIMITS } from './reach.ts';
import type { CasemateRecord } from './records.ts';

/** The version of {@link casemateIndexSchema}. */
export const CASEMATE_INDEX_VERSION = 1;
/** Its file, beside the traces. */
export const CASEMATE_INDEX = 'index.json';
/** The Casemate whose answers are foreseen, and in whose words. */
const CASEMATE_VERSION = '3.0.2';

const count = z.int().min(0);

const answerSchema = z.discriminatedUnion('exitCode', [
  z.object({ exitCode: z.literal(0) }),
  z.object({
    exitCode: z.literal(1),
    refused: z
      .object({
        record: count.describe('the id of the record'),
        what: z.string().describe('what the record does, such as mem-write or release_table'),
        reason: z.string().describe('as Casemate prints it'),
      })
      .optional()
      .describe('where and why; left out: our reading of Casemate sees no reason'),
  }),
]);

const traceSchema = z.object({
  file: z.string().regex(/^[\w%-][\w.%-]*\.casemate$/, 'must be the name of a trace in the folder of the index'),
  strategy: z.string(),
  world: z.string(),
  history: z.enum(HISTORIES),
  fwb: z.boolean().describe('FEAT_S2FWB'),
  kernel: z.string().default(VERIFIED_KERNEL).describe('kernel model, with its options'),
  rule: z.enum(RULE_NAMES).optional().describe('the rule that the run breaks; left out: none'),
  expected: z
    .enum(['accepted', 'rejected', 'out-of-reach'])
    .describe('our verdict, where Casemate can judge it: any other answer is a disagreement about the run'),
  limits: z.array(z.enum(LIMITS)).describe('why it is out of reach; none where it is not'),
  records: count.describe('records of the trace'),
  answer: answerSchema
    .optional()
    .describe('what Casemate answers, by our reading of it; left out where that does not follow the trace'),
});

/** The index. */
export const casemateIndexSchema = z
  .object({
    schemaVersion: z.literal(CASEMATE_INDEX_VERSION),
    casemate: z.string().describe('the version of Casemate whose answers these are'),
    traces: z.array(traceSchema),
  })
  .refine(({ traces }) => new Set(traces.map(({ file }) => file)).size === traces.length, {
    path: ['traces'],
    message: 'names a file twice',
  });

/** One trace in the index. */
export type CasemateTrace = z.infer<typeof traceSchema>;
/** What Casemate answers to a trace: its exit code, and of a refusal where and why. */
export type CasemateAnswer = z.infer<typeof answerSchema>;
/** The index of an export. */
export type CasemateIndex = z.infer<typeof casemateIndexSchema>;

/** The text of an index. */
export function writeIndex(traces: readonly CasemateTrace[]): string {
  // Parsed, so that the fields stand in the schema's order, and what is no part of it stays out.
  const index = casemateIndexSchema.parse({
    schemaVersion: CASEMATE_INDEX_VERSION,
    casemate: CASEMATE_VERSION,
    traces,
  });
  return `${JSON.stringify(index, null, 2)}\n`;
}

/** The answer that is foreseen. A verdict of ours stands, whatever our reading of Casemate says. */
export function answerTo(
  records: readonly CasemateRecord[],
  expected: CasemateTrace['expected'],
): CasemateAnswer | undefined {
  const judgement = judgeTrace(records);
  if (expected !== 'out-of-reach' && expected !== judgement.verdict)
    return expected === 'accepted' ? { exitCode: 0 } : { exitCode: 1 };
  if (judgement.verdict === 'out-of-reach') return undefined;
  if (judgement.verdict === 'accepted') return { exitCode: 0 };
  const { id, reason } = judgement;
  const record = records[id];
  return {
    exitCode: 1,
    refused: { record: id, what: record?.name === 'hint' ? record.kind : (record?.name ?? ''), reason },
  };
}
