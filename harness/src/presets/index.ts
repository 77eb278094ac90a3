/** The presets that come with s2bench. */
import type { Preset } from './preset.ts';
import { THREAD_2021 } from './thread-2021.ts';

export type { Preset } from './preset.ts';

/** The preset that fills in what neither flags nor a config file say. */
export const DEFAULT_PRESET = THREAD_2021;

/** The presets that come with s2bench. */
export const PRESETS: readonly Preset[] = [THREAD_2021];
