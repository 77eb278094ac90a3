/** How `altra` is fitted to the figures of the series. */
import { seriesCalibration } from '../series.ts';
import plan from './altra.plan.json' with { type: 'json' };

/** The fit of the series' machine. */
export const calibration = seriesCalibration(plan);
