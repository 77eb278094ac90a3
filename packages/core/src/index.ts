/** The contract of a coalescing strategy: what a plugin may touch, and nothing else. */
export * from './define-strategy.ts';
export * from './errno.ts';
export * from './log-hooks.ts';
export * from './needs.ts';
export * from './option-text.ts';
export * from './strategy.ts';
export * from './strategy-v6.ts';
export * from './unlocked.ts';
export * from './visitors.ts';
export * from './with-hooks.ts';
export type { Ipa, Pa } from './stage2/geometry.ts';
