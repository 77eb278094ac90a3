/** How `tlbi-range` is fitted to the figures of the series. */
import { seriesCalibration } from '../series.ts';
import plan from './tlbi-range.plan.json' with { type: 'json' };

/** The fit of the series' machine. */
export const calibration = seriesCalibration(plan);
