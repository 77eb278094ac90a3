import type { Rule } from './rule.ts';

/** Guests go on. */
export const progress: Rule = {
  name: 'progress',
  sentence:
    'Every fault ends and lets its access complete: no operation fails, no vCPU faults again and again on a table that nobody else changes, nobody waits for ever.',
  source: 'linux v5.12, arch/arm64/kvm/mmu.c, user_mem_abort(): only EAGAIN is answered by another try',
  accepted: { begin: 'empty', steps: [{ do: 'return', end: { failure: undefined } }] },
  rejected: { begin: 'empty', steps: [{ do: 'return', end: { failure: 'mapping 0x0 failed with errno 12' } }] },
  section: ({ failure }) => failure,
};
