/** How `kunpeng920` is fitted to the published figures. */
import type { Calibration, StageTime } from '../calibration.ts';
import plan from './kunpeng920.plan.json' with { type: 'json' };

/** What the model may be off by, relative: what the figures repeat to, and what the model claims. */
const BLOCK_TOLERANCE = 0.03;
const PAGE_TOLERANCE = 0.15;
const UNIT_TOLERANCE = 0.15;

/** UPDATE splits blocks page by page, whatever they were. */
function costsByPage({ backing, stage }: StageTime): boolean {
  return backing.startsWith('anonymous-') || stage === 'UPDATE';
}

/** The fit of the thread's machine. */
export const calibration: Calibration = {
  plan,
  costsByPage,
  toleranceOf: (row) => (costsByPage(row) ? PAGE_TOLERANCE : BLOCK_TOLERANCE),
  unitToleranceOf: () => UNIT_TOLERANCE,
};
