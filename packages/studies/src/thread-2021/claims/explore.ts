/** Explorations as claims write them down. */
import type { History } from '@s2bench/verify';
import type { ExploreScenario } from '../../questions/claim.ts';
import type { ProbeName } from '../probes.ts';

/** The patch as it was posted. */
export const RFC = 'install-first-no-cmo';
export const BASELINE = 'baseline';
export const UNIFORM = 'install-first-uniform-cmo';
export const FULL_CHECK = 'full-population-check';

type Exploration = ExploreScenario<ProbeName>;
type Look = Pick<Exploration, 'subject' | 'looksFor' | 'expects'> & Partial<Pick<Exploration, 'fwb' | 'shown'>>;

/** Explores a world; without FEAT_S2FWB where nothing else is said. */
export function explore(world: string, history: History, look: Look): Exploration {
  return { kind: 'explore', world, history, fwb: false, ...look };
}
