/** Figures of somebody's own machine: a document that stands where a study's published figures stand. */
import { ALL_COST_NAMES, type AnyCostName } from '@s2bench/machine';
import * as z from 'zod';
import type { Calibration, PublishedFigures, StageTime, UnitCost } from './calibration.ts';

const text = z.string('must be a text').min(1, 'must not be empty');
const positive = z.number('must be a number above 0').positive('must be a number above 0');

/** How far the model may be off where a figure does not say. */
const TOLERANCE_PERCENT = 10;
const tolerance = z
  .number('must be a number above 0')
  .positive('must be a number above 0')
  .max(100, 'must be at most 100')
  .optional();

const stageTimeSchema = z.strictObject({
  /** By which a plan, and what is printed, call it. */
  name: text,
  stage: text,
  /** The backing and the block that it gives: `hugetlb-1G`, `thp-2M`, `anonymous-4K`. */
  backing: z.string().regex(/^[a-z]+-\d+[KMGT]$/, 'must be a backing and its block, as in hugetlb-1G or anonymous-4K'),
  memory: text,
  vcpus: z.int('must be a whole number').min(1, 'must be at least 1').max(512, 'must be at most 512'),
  kernel: text,
  /** One that comes with s2bench, or `upstream`: what the release itself does. */
  strategy: text.default('upstream'),
  /** Left out: that of the machine. */
  workload: text.optional(),
  /** Each measurement; their median counts. */
  seconds: z.array(positive).nonempty('must hold a measurement'),
  /** How far the model may be off; left out: 10. */
  tolerancePercent: tolerance,
  /** Every page costs the same: while fitting, a part of the memory says what all of it takes. */
  perPage: z.boolean().default(false),
  source: text,
});

const unitCostSchema = z.strictObject({
  what: text,
  value: positive,
  unit: z.enum(['s', 'us', 'ns'], { error: 'must be s, us or ns' }),
  /** The costs of the model that make it up, and how often each. */
  of: z
    .strictObject(
      Object.fromEntries(ALL_COST_NAMES.map((name) => [name, positive.optional()])) as Record<
        AnyCostName,
        z.ZodOptional<typeof positive>
      >,
      {
        error: (issue) =>
          issue.code === 'unrecognized_keys'
            ? `there is no cost ${issue.keys.join(', ')}; the costs are ${ALL_COST_NAMES.join(', ')}`
            : 'must say how often each cost is paid, as in { "cleanLine": 64 }',
      },
    )
    .refine((parts) => Object.keys(parts).length > 0, 'must name a cost, as in { "cleanLine": 64 }'),
  tolerancePercent: tolerance,
  source: text,
});

/** A document of figures, for `s2bench calibrate --figures`. */
export const ownFiguresSchema = z
  .strictObject({
    machine: z.strictObject({
      /** For who reads the file. */
      name: text,
      workload: text.default('page-table-test'),
      history: text.default('block-first'),
      pageSize: text.default('4K'),
    }),
    stageTimes: z.array(stageTimeSchema).default([]),
    unitCosts: z.array(unitCostSchema).default([]),
  })
  .superRefine(({ stageTimes, unitCosts }, context) => {
    const names = new Set<string>();
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (stageTimes.length + unitCosts.length === 0)
      refuse([], 'has no figure; write one in stageTimes or in unitCosts');
    const both = [
      ...stageTimes.map(({ name }, at) => ({ name, path: ['stageTimes', at, 'name'] })),
      ...unitCosts.map(({ what }, at) => ({ name: what, path: ['unitCosts', at, 'what'] })),
    ];
    for (const { name, path } of both) {
      if (names.has(name)) refuse(path, `'${name}' is the name of another figure too; must be one of its own`);
      names.add(name);
    }
  });

/** Figures as the document has them. */
export type OwnFigures = z.infer<typeof ownFiguresSchema>;

/** The figures as those of a study; what they may be off by stands in the document. */
export function figuresFrom({ machine, stageTimes, unitCosts }: OwnFigures): {
  readonly published: PublishedFigures;
  readonly calibration: Omit<Calibration, 'plan'>;
} {
  const { workload, history, pageSize } = machine;
  const rows = new Map<StageTime, (typeof stageTimes)[number]>(stageTimes.map((row) => [row, row]));
  const units = new Map<UnitCost, (typeof unitCosts)[number]>(unitCosts.map((row) => [row, row]));
  return {
    published: { machine: { profile: 'own', workload, history, pageSize }, stageTimes, unitCosts },
    calibration: {
      toleranceOf: (row) => (rows.get(row)?.tolerancePercent ?? TOLERANCE_PERCENT) / 100,
      unitToleranceOf: (row) => (units.get(row)?.tolerancePercent ?? TOLERANCE_PERCENT) / 100,
      costsByPage: (row) => rows.get(row)?.perPage ?? false,
    },
  };
}
