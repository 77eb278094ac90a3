/** A counterexample as a document: enough to run it again, and the rows to read it. */
import * as z from 'zod';
import { RULE_NAMES } from '../rules/rule.ts';
import { HISTORIES } from '@s2bench/kernel';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';

/** The version of the document. */
export const COUNTEREXAMPLE_VERSION = 1;

const stepSchema = z.object({
  /** A vCPU's number; the host comes after the last, then the caches. */
  agent: z.int().min(0),
  kind: z.int().min(0).max(9),
  /** Which of its choices it took. */
  detail: z.int().min(0),
});

const stateSchema = z.object({
  /** The entries of the table, the root's first. */
  table: z.array(z.string()),
  /** Pages of the slot's memory whose last store by the host is not at the point of coherency; none with FEAT_S2FWB. */
  uncleaned: z.array(z.int().min(0)),
});

const rowSchema = stateSchema.extend({
  agent: z.string(),
  /** What the agent does, without anybody in between. The table and the memory are as they are after it. */
  actions: z.array(z.string()),
});

/** The document, checked when one is read. */
export const counterexampleSchema = z.object({
  schemaVersion: z.literal(COUNTEREXAMPLE_VERSION),
  strategy: z.string(),
  world: z.string(),
  history: z.enum(HISTORIES),
  fwb: z.boolean(),
  /** The hardware, as in `--arch`. Documents that do not say it are older than the choice. */
  arch: z.string().default('lenient'),
  /** Kernel model, with its options. */
  kernel: z.string().default(VERIFIED_KERNEL),
  /**
   * Known mistakes of the kernel model that were kept, each by the option that mends it; left out: those that a verdict on a
   * strategy keeps.
   */
  flaws: z.array(z.string()).optional(),
  rule: z.enum(RULE_NAMES),
  /** Agents, in the order of their columns. */
  agents: z.array(z.string()),
  /** How finely it was searched, and so what a step is. */
  search: z.object({ mergeQuiet: z.boolean(), mayBeCached: z.boolean() }),
  /** Whether the rule was broken before the world began, while its history was made. */
  inHistory: z.boolean(),
  /** Single steps, as the explorer counts them. */
  schedule: z.array(stepSchema).min(1),
  /** What has happened before, in words. */
  opening: z.string(),
  /** The table and the memory then. */
  begin: stateSchema,
  /** The steps in rows: a row is what one agent does until another acts. */
  rows: z.array(rowSchema).min(1),
  /** What went wrong, in the guest's terms. */
  conclusion: z.string(),
});

/** A counterexample. */
export type Counterexample = z.infer<typeof counterexampleSchema>;

/** The same of whatever was looked for: the steps to what a probe reports. */
export type CounterexampleOf<Name extends string> = Omit<Counterexample, 'rule'> & { readonly rule: Name };
