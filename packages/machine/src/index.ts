/** The machine: profiles, clock, lock, caches, and the vCPUs that run on it. */
export * from './cache-state.ts';
export * from './costs.ts';
export * from './counters.ts';
export * from './machine.ts';
export * from './memory-contention.ts';
export * from './profile.ts';
export { programClasses } from './program-classes.ts';
export type { MachineWatch, WatchedState } from './watch.ts';
export { findProfile, PROFILES } from './profiles.ts';
