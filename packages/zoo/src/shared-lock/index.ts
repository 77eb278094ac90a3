/** What lives under the read side of mmu_lock, from v6.2 on. */
export { SHARED_ANIMALS } from './animals.ts';
export { SHARED_VARIATIONS } from './variations.ts';
