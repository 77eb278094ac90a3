import type { Rule } from './rule.ts';

/** Live migration sends again what the guest wrote. */
export const dirtyLog: Rule = {
  name: 'dirty-log',
  sentence:
    'While logging is on, a page that the guest wrote is marked when all faults have returned, unless the bitmap has reported it since.',
  source: 'linux v5.11, Documentation/virt/kvm/api.rst, KVM_GET_DIRTY_LOG',
  accepted: {
    begin: 'block',
    logging: true,
    steps: [
      { do: 'access', page: 1, kind: 'write', caches: true },
      { do: 'mark-dirty', page: 1 },
      { do: 'collect', pages: [1] },
      { do: 'return' },
    ],
  },
  rejected: {
    begin: 'block',
    logging: true,
    steps: [
      { do: 'mark-dirty', page: 1 },
      { do: 'collect', pages: [1] },
      { do: 'access', page: 1, kind: 'write', caches: true },
      { do: 'return' },
    ],
  },
  rest: (written, marked) => (written & ~marked) !== 0,
};
