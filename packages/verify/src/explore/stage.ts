/** Which model and which expander a kernel model asks for: whether its sections hold mmu_lock alone, or share it. */
import { kernelModelOf } from '@s2bench/kernel';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';
import { SharedExpander } from '../shared/shared-expander.ts';
import { SharedModel } from '../shared/shared-model.ts';
import type { TransitionSink } from './action.ts';
import { Expander } from './expander.ts';
import type { ModelOptions } from './model.ts';
import { Model } from './model.ts';
import type { Programs } from './programs.ts';

/** The model of an exploration. */
export function modelOf(options: ModelOptions): Model {
  const { mapLock } = kernelModelOf(options.kernel ?? VERIFIED_KERNEL);
  return mapLock === 'shared' ? new SharedModel(options) : new Model(options);
}

/** What expands the states of a model. */
export function expanderOf(model: Model, programs: Programs, sink: TransitionSink): Expander {
  return model instanceof SharedModel ? new SharedExpander(model, programs, sink) : new Expander(model, programs, sink);
}
