/** The machine: profiles, clock, lock, caches, and the vCPUs that run on it. */
export * from './profile.ts';
export { findProfile, PROFILES } from './profiles.ts';
