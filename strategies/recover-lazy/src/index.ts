/** What every release up to now does when logging stops: nothing. A fault makes a block where it asks for one. */
import { defineStrategy } from '@s2bench/core';

export default defineStrategy({
  name: 'recover-lazy',
  summary: 'where logging stops: nothing; a table whose pages need no fault stays',
  source: 'linux v6.12, arch/arm64/kvm/mmu.c, kvm_arch_commit_memory_region()',
  walkers: ['v5', 'v6'],
  expects: 'safe',
  logStop: [],
});
