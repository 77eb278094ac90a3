/** A counterexample as a document: enough to run it again, and the rows to read it. */
import * as z from 'zod';
import { RULE_NAMES } from '../rules/rule.ts';
import { HISTORIES } from '../world.ts';

/** The version of the document. */
export const COUNTEREXAMPLE_VERSION = 1;

const stepSchema = z.object({
  /** A vCPU's number; the host comes after the last. */
  agent: z.int().min(0),
  kind: z.int().min(0).max(8),
  /** Which of its choices it took. */
  detail: z.int().min(0),
});

const rowSchema = z.object({
  agent: z.string(),
  /** What the agent does, without anybody in between. */
  actions: z.array(z.string()),
  /** The entries of the table after it, the root's first. */
  table: z.array(z.string()),
});

/** The document, checked when one is read. */
export const counterexampleSchema = z.object({
  schemaVersion: z.literal(COUNTEREXAMPLE_VERSION),
  strategy: z.string(),
  world: z.string(),
  history: z.enum(HISTORIES),
  fwb: z.boolean(),
  rule: z.enum(RULE_NAMES),
  /** Agents, in the order of their columns. */
  agents: z.array(z.string()),
  /** How finely it was searched, and so what a step is. */
  search: z.object({ mergeQuiet: z.boolean(), mayBeCached: z.boolean() }),
  /** Whether the rule was broken before the world began, while its history was made. */
  inHistory: z.boolean(),
  /** Single steps, as the explorer counts them. */
  schedule: z.array(stepSchema).min(1),
  /** What has happened before. */
  opening: z.string(),
  /** The same in rows: a row is what one agent does until another acts. */
  rows: z.array(rowSchema).min(1),
  /** What went wrong, in the guest's terms. */
  conclusion: z.string(),
});

/** A counterexample. */
export type Counterexample = z.infer<typeof counterexampleSchema>;

/** The same of whatever was looked for: the steps to what a probe reports. */
export type CounterexampleOf<Name extends string> = Omit<Counterexample, 'rule'> & { readonly rule: Name };
