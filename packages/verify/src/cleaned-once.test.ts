/** What was cleaned once is not clean for ever: whenever a page comes into the guest's reach, KVM owes a clean. */
import { describe, expect, it } from 'vitest';
import { installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { partialTable } from './worlds/partial-table.ts';

/** A block, a split by the first store, and then a store of the host to a page; logging goes off, and the guest reads. */
const writtenAfterSplit = (page: number): World => ({
  ...partialTable,
  name: 'written-after-split',
  vcpus: [{ caches: false, steps: ['w0', '@3', 'r1', 'r2'] }],
  host: [
    { do: 'await', vcpu: 0, steps: 1 },
    { do: 'write', page },
    { do: 'logging', on: false },
  ],
});

describe.each(['block-first', 'logging-first'] as const)(
  '%s: a page that the host writes when a split has unmapped it',
  (history) => {
    const options = { history, fwb: false };

    it('is read as it was before, where the block comes back without a clean', () => {
      const found = verifyWorld(installFirstNoClean, writtenAfterSplit(2), options);
      expect(found).toMatchObject({ verdict: 'unsafe', rule: 'data-coherency' });
    });

    it('is read as the host wrote it, where the block is cleaned', () => {
      expect(verifyWorld(takeDownFirst, writtenAfterSplit(2), options)).toMatchObject({
        verdict: 'safe',
        complete: true,
      });
    });
  },
);

describe('a page that the host writes while it is mapped', () => {
  it('is between host and guest, before the block and after it', () => {
    const found = verifyWorld(installFirstNoClean, writtenAfterSplit(0), { history: 'block-first', fwb: false });
    expect(found).toMatchObject({ verdict: 'safe', complete: true });
  });
});
