/** How `ampereone` is fitted to the figures of the series. */
import { seriesCalibration } from '../series.ts';
import plan from './ampereone.plan.json' with { type: 'json' };

/** The fit of the series' machine. */
export const calibration = seriesCalibration(plan);
