/**
 * Stage-2 tables below the contract: geometry, descriptors, table pages, what hardware finds in them, and the stream of
 * effects. For the kernel and for those who listen to it; lint denies it to strategies.
 */
export * from './access.ts';
export * from './arena.ts';
export * from './descriptor.ts';
export * from './effects.ts';
export * from './events.ts';
export * from './geometry.ts';
export * from './stage2-table.ts';
export * from './translate.ts';
export * from './typed-array.ts';
export * from './walk-cache.ts';
