/** Stage-2 page tables of KVM/arm64: geometry, table, walker, operations, and the contract of a strategy. */
export * from './arena.ts';
export * from './attributes.ts';
export * from './descriptor.ts';
export * from './effects.ts';
export * from './errno.ts';
export * from './flush.ts';
export * from './geometry.ts';
export * from './kernel-model.ts';
export { Mapper } from './map.ts';
export * from './memory-cache.ts';
export * from './stage2-table.ts';
export * from './strategy.ts';
export * from './translate.ts';
export { destroy, unmap } from './unmap.ts';
export type { Visitor } from './walker.ts';
export { LEAF, TABLE_POST, TABLE_PRE, walk, walkBelow } from './walker.ts';
