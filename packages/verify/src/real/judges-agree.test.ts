import { IgnoreEffects, makeGeometry, Stage2Table } from '@s2bench/core/stage2';
import { kernelModelOf, Mapper, MemoryCache } from '@s2bench/kernel';
import type { Strategy } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { TableJudge } from './table-judge.ts';

const BLOCK = 2 ** 21;
const PAGE = 4096;

/** Pages are mapped on a real table, then the block over them; what is found after the block. */
function coalesce(strategy: Strategy, pages: readonly number[]) {
  const table = new Stage2Table({ geometry: makeGeometry(PAGE, 40), fwb: false, effects: new IgnoreEffects() });
  const judge = new TableJudge(table);
  const mapper = new Mapper(table, kernelModelOf('v5.12p1'), strategy);
  const map = (offset: number, sizeBytes: number) => {
    const protection = { read: true, write: true, execute: false, device: false };
    mapper.map(BLOCK + offset, sizeBytes, 2 ** 40 + BLOCK + offset, protection, new MemoryCache(Infinity));
    return judge.returned();
  };
  for (const page of pages) expect(map(page * PAGE, PAGE)).toBeUndefined();
  return map(0, BLOCK);
}

describe('operations on a real table', () => {
  it.each([
    ['the VMID is flushed, whatever the order', takeDownFirst],
    ['the clean is forgotten, which no TLB shows', installFirstNoClean],
  ] as const)('break nothing where %s', (_, strategy) => {
    expect(coalesce(strategy, [0, 7, 511])).toBeUndefined();
  });

  it('break what the explorer would say, at the effect that does it', () => {
    expect(coalesce(installFirstByIpa, [0, 7])).toMatchObject({
      rule: 'break-before-make',
      step: '4 (install)',
      text: expect.stringMatching(/^a TLB may hold page 512 -> .* and block 512-1023/) as string,
    });
  });

  it('may flush leaf by leaf: what is not cached needs no flush', () => {
    const byLeaf: Strategy = {
      ...installFirstByIpa,
      tablePre(entry, map) {
        if (!map.blockSupported(entry)) return;
        map.anchor = entry.id;
        map.followed = map.follow(entry);
        map.invalidate(entry);
        map.walkLeaves(map.followed, (leaf) => {
          if (leaf.valid) map.tlbiIpa(leaf);
        });
        map.install(entry);
      },
    };
    expect(coalesce(byLeaf, [0, 7])).toBeUndefined();
  });

  it('are followed no more where there are too many actions, instead of for minutes', () => {
    const flushesAll: Strategy = {
      ...installFirstByIpa,
      tablePre(entry, map) {
        if (map.blockSupported(entry)) map.walkLeaves(map.follow(entry), (leaf) => map.tlbiIpa(leaf));
        return installFirstByIpa.tablePre?.(entry, map);
      },
    };
    expect(coalesce(flushesAll, [0, 7])).toBeUndefined();
  });
});
