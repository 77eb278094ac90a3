/** A thread that explores along with another one: it makes the same model, learns what that has learned, and takes its part. */
import type { History } from '@s2bench/kernel';
import { type Bounds, withinReach } from '../bounds.ts';
import type { Expander } from '../expander.ts';
import type { TransitionSink } from '../action.ts';
import type { ModelOptions } from '../model.ts';
import { beginOf } from '../prelude.ts';
import { programsOf } from '../programs.ts';
import { expanderOf, modelOf } from '../stage.ts';
import { Symmetry } from '../symmetry.ts';
import { beginningOf } from './company.ts';
import { JointSearch } from './joint-search.ts';
import { type Link, Stopped } from './link.ts';

/** Takes part in an exploration until it is over. */
export function exploreAlong(
  options: ModelOptions,
  history: History,
  usesSymmetry: boolean,
  link: Link,
  bounds: Bounds,
): void {
  try {
    const model = modelOf(options);
    beginOf(model, history);
    const programs = programsOf(options.world);
    const symmetry = usesSymmetry && model.isSymmetric ? new Symmetry(programs) : undefined;
    link.ready();
    link.barrier();
    const { progress, adopted } = beginningOf(link);
    const makeExpander = (sink: TransitionSink): Expander => expanderOf(model, programs, sink);
    const search = new JointSearch(link, model, makeExpander, symmetry, adopted);
    search.study(link.lessons);
    search.run(progress, withinReach(bounds), 0);
    options.repeats?.backwards();
  } catch (error) {
    if (!(error instanceof Stopped)) link.stop(error instanceof Error ? error.message : String(error));
  }
}
