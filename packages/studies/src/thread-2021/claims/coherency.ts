import type { Claim } from '../../questions/claim.ts';
import { BASELINE, explore, RFC, UNIFORM } from './explore.ts';

const NO_ICACHE = 'install-first-uniform-cmo-without-icache-invalidate';
const CLEAN_AFTER = 'install-first-clean-after';

export const coherency: Claim = {
  number: 5,
  title: 'Does a guest with its MMU off read what the host wrote?',
  question:
    'The reviewer’s reason for the clean: a guest with its MMU off loads from the point of coherency, while a kernel image that user space has written may still be in the host’s caches, unless there is FWB. And the I-cache has to be invalidated after the clean, as fetches are cached even with the MMU off.',
  comments: [7],
  verdict: 'Confirmed',
  answer:
    'Without the clean the load is stale. With FWB, or with the guest’s caches on, the same code in the same worlds reads right. A clean that comes after the block is visible is too late for loads and for fetches. Without an I-cache invalidation a fetch is stale also where everything is cleaned, and with FWB, on hardware without CTR_EL0.DIC, which is the hardware of this page; with DIC none is needed. As for the order of the two: in the kernel that is modelled the invalidation comes before the clean (the abort handler does the one, the map handler the other), and no fetch goes wrong, because no executable mapping of the page is visible between them. What is needed is that both are done before the mapping is.',
  scenarios: [
    explore('partial-table', 'logging-first', {
      subject: RFC,
      looksFor: 'rules',
      expects: 'data-coherency',
      shown: 'A stale load',
    }),
    explore('partial-table', 'logging-first', { subject: UNIFORM, looksFor: 'rules', expects: 'nothing' }),
    explore('partial-table', 'logging-first', { subject: RFC, fwb: true, looksFor: 'rules', expects: 'nothing' }),
    explore('cached-guest', 'logging-first', { subject: RFC, looksFor: 'rules', expects: 'nothing' }),
    explore('partial-table', 'logging-first', { subject: CLEAN_AFTER, looksFor: 'rules', expects: 'data-coherency' }),
    explore('instruction-fetch', 'logging-first', {
      subject: RFC,
      looksFor: 'rules',
      expects: 'instruction-coherency',
      shown: 'A stale fetch: invalidated, but not cleaned',
    }),
    explore('instruction-fetch', 'logging-first', {
      subject: NO_ICACHE,
      looksFor: 'rules',
      expects: 'instruction-coherency',
      shown: 'A stale fetch: cleaned, but not invalidated',
    }),
    explore('instruction-fetch', 'logging-first', {
      subject: NO_ICACHE,
      fwb: true,
      looksFor: 'rules',
      expects: 'instruction-coherency',
    }),
    explore('instruction-fetch', 'logging-first', {
      subject: CLEAN_AFTER,
      looksFor: 'rules',
      expects: 'instruction-coherency',
    }),
    explore('instruction-fetch', 'logging-first', { subject: UNIFORM, looksFor: 'rules', expects: 'nothing' }),
    explore('instruction-fetch', 'logging-first', { subject: BASELINE, looksFor: 'rules', expects: 'nothing' }),
  ],
  bounds: [
    'The I-cache fills through executable mappings of the guest only. Where the same page is executable elsewhere at the same time, in the host or in another guest, an invalidation before the clean is not enough; no world has that.',
    'FWB is taken to come with a point of unification that needs no data-cache clean, as the kernel’s own handling of it has it.',
  ],
};
