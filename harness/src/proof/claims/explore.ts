/** Explorations as claims write them down. */
import type { History } from '@s2bench/verify';
import type { ExploreScenario } from '../scenario.ts';

/** The patch as it was posted. */
export const RFC = 'install-first-no-cmo';
export const BASELINE = 'baseline';
export const UNIFORM = 'install-first-uniform-cmo';
export const FULL_CHECK = 'full-population-check';

type Look = Pick<ExploreScenario, 'subject' | 'looksFor' | 'expects'> & Partial<Pick<ExploreScenario, 'fwb' | 'shown'>>;

/** Explores a world; without FEAT_S2FWB where nothing else is said. */
export function explore(world: string, history: History, look: Look): ExploreScenario {
  return { kind: 'explore', world, history, fwb: false, ...look };
}
