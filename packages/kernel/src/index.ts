/** What KVM/arm64 does with stage 2: its walkers, the abort handler, memslots and what backs them, the notifier, the log. */
export * from './backing.ts';
export * from './dirty-bitmap.ts';
export * from './guest-program.ts';
export * from './kernel-model.ts';
export * from './memory-cache.ts';
export * from './memslot.ts';
export * from './notifier.ts';
export * from './tasks/fault.ts';
export * from './tasks/guest-fault.ts';
export * from './tasks/host.ts';
export * from './tasks/task.ts';
export * from './v5/attributes.ts';
export * from './v5/flush.ts';
export { Mapper } from './v5/map.ts';
export { destroy, unmap } from './v5/unmap.ts';
export type { Visitor, WalkState } from './v5/walker.ts';
export { LEAF, TABLE_POST, TABLE_PRE, walk, walkBelow } from './v5/walker.ts';
export * from './virtual-machine.ts';
