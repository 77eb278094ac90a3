/** How `kunpeng920` is fitted to the published figures. */
import type { Costs } from '@s2bench/machine';
import type { Calibration, StageTime } from '../calibration.ts';
import plan from './kunpeng920.plan.json' with { type: 'json' };

/** What the model may be off by, relative: what the figures repeat to, and what the model claims. */
const BLOCK_TOLERANCE = 0.03;
const PAGE_TOLERANCE = 0.15;
const UNIT_TOLERANCE = 0.15;

const LINES_PER_GIB = 2 ** 24;
const LINES_PER_4K = 64;
/** Entries of a 4K table page: a walk comes to so many neighbours for one step. */
const ENTRIES = 512;

/** UPDATE splits blocks page by page, whatever they were. */
function costsByPage({ backing, stage }: StageTime): boolean {
  return backing.startsWith('anonymous-') || stage === 'UPDATE';
}

/** The fit of the thread's machine. */
export const calibration: Calibration = {
  plan,
  costsByPage,
  toleranceOf: (row) => (costsByPage(row) ? PAGE_TOLERANCE : BLOCK_TOLERANCE),
  unitTolerance: UNIT_TOLERANCE,
  // The costs of single operations that the model has; others were measured on other machines or with other TLBIs.
  unitPredictionsNs: {
    'clean 1G to PoC': (costs: Costs) => LINES_PER_GIB * costs.cleanLine,
    'clean 4K to PoC': (costs) => LINES_PER_4K * costs.cleanLine,
    'write-protect one 4K leaf when logging starts': (costs) =>
      costs.walkStep / ENTRIES + costs.descriptorRead + costs.descriptorWrite,
  },
};
